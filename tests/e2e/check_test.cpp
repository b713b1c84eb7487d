#include <doctest/doctest.h>

#include <algorithm>

#include "egress/base/text.hpp"
#include "support/mentions.hpp"
#include "support/shell.hpp"

TEST_SUITE_BEGIN("e2e");

namespace egress {
namespace {

using testing::Ran;
using testing::sh;
using testing::TestNamespace;

/// The file ca.crt, in a directory of its own.
std::string some_ca() {
  const Ran made =
      sh("d=$(mktemp -d) && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 365 "
         "-subj /CN=bank -keyout /dev/null -out $d/ca.crt 2>/dev/null && echo $d/ca.crt");
  REQUIRE_MESSAGE(made.status == 0, made.err);
  return std::string(trimmed(made.out));
}

/// A namespace with the gateway httpbin.
class Gateway {
 public:
  explicit Gateway(const std::string& words = "", const std::string& before = "") {
    if (!before.empty()) REQUIRE(ns.kubectl(before).status == 0);
    REQUIRE(ns.egress("create httpbin --host " + host() + " " + words).status == 0);
  }

  /// One that no other test's gateway has: hosts meet across namespaces.
  std::string host() const { return ns.name() + ".example.org"; }

  Json check(const std::string& words = "") const {
    const Ran ran = ns.egress("check " + words + " -o json");
    REQUIRE_MESSAGE(ran.out.starts_with("{"), ran.err);
    return Json::parse(ran.out);
  }

  /// The finding of that code about an object of that name; null where there is none.
  static Json finding(const Json& result, const std::string& code, const std::string& name) {
    for (const Json& item : result["items"].items())
      if (item["code"].as_string() == code && item["object"]["name"].as_string() == name) return item;
    return {};
  }

  static bool has(const Json& result, const std::string& code) {
    return std::ranges::any_of(result["items"].items(),
                               [&](const Json& item) { return item["code"].as_string() == code; });
  }

  /// Stores an object of the namespace.
  void apply(const std::string& yaml) const {
    const Ran ran =
        sh("kubectl create --validate=false -n " + ns.name() + " -f - <<'END'\n" + yaml + "END\n");
    REQUIRE_MESSAGE(ran.status == 0, ran.err);
  }

  TestNamespace ns;
};

/// "waves: 2, requests: 20, connections: 1" on stderr at -v 6.
std::string traffic(const Ran& ran) {
  const std::size_t at = ran.err.rfind("waves: ");
  REQUIRE(at != std::string::npos);
  return ran.err.substr(at);
}

}  // namespace

TEST_CASE("a gateway without errors is checked with exit code 0, and its openness is said") {
  const Gateway gateway;
  const Ran ran = gateway.ns.egress("check httpbin");
  CHECK_MESSAGE(ran.status == 0, ran.out);
  CHECK(ran.out.find("egressgateway/httpbin -n " + gateway.ns.name() + "\n") != std::string::npos);
  CHECK(ran.out.find("  Warning OpenToAll\n") != std::string::npos);
  CHECK(ran.out.find("0 errors, ") != std::string::npos);
  const Json result = gateway.check();
  CHECK(result["kind"].as_string() == "CheckResult");
  CHECK(result["summary"]["errors"].as_integer() == 0);
}

TEST_CASE("a VirtualService that has the host already is found, with exit code 1") {
  const Gateway gateway;
  gateway.apply(
      "apiVersion: networking.istio.io/v1beta1\n"
      "kind: VirtualService\n"
      "metadata: {name: taken}\n"
      "spec:\n"
      "  hosts: [" +
      gateway.host() +
      "]\n"
      "  exportTo: [\"*\"]\n"
      "  http: [{route: [{destination: {host: elsewhere}}]}]\n");
  const Json item = Gateway::finding(gateway.check(), "IST0109", "taken");
  CHECK(item["gateway"].as_string() == gateway.ns.name() + "/httpbin");
  CHECK(item["fix"].as_string() ==
        "kubectl edit virtualservice.networking.istio.io/taken -n " + gateway.ns.name());
  CHECK(gateway.ns.egress("check").status == 0);

  // Before the gateway's own it is an error: callers never come.
  REQUIRE(gateway.ns.kubectl("delete virtualservice.networking.istio.io httpbin-egress").status == 0);
  CHECK(Gateway::finding(gateway.check(), "IST0109", "taken")["severity"].as_string() == "Error");
  CHECK(Gateway::has(gateway.check(), "Missing"));
  CHECK(gateway.ns.egress("check").status == 1);
}

TEST_CASE("a Gateway of others that selects the gateway's pods is an error") {
  const Gateway gateway;
  gateway.apply(
      "apiVersion: networking.istio.io/v1beta1\n"
      "kind: Gateway\n"
      "metadata: {name: intruder}\n"
      "spec:\n"
      "  selector: {kubectl-egress/gateway: httpbin." +
      gateway.ns.name() +
      "}\n"
      "  servers: [{port: {number: 81, name: http, protocol: HTTP}, hosts: [\"*\"]}]\n");
  CHECK(Gateway::finding(gateway.check(), "ForeignGateway", "intruder")["severity"].as_string() == "Error");
  const Ran ran = gateway.ns.egress("check");
  CHECK(ran.status == 1);
  CHECK(ran.out.find("  Error ForeignGateway: gateway.networking.istio.io/intruder -n " + gateway.ns.name() +
                     "\n") != std::string::npos);
}

TEST_CASE("a Secret that is missing is found, and the command that is given makes it") {
  // What is missing beforehand is refused; here it goes missing later.
  const std::string secret = "secret generic bank-cacert";
  const Gateway gateway("--upstream-ca bank-cacert", "create " + secret + " --from-file=ca.crt=" + some_ca());
  REQUIRE(gateway.ns.kubectl("delete secret bank-cacert").status == 0);
  const Json missing = Gateway::finding(gateway.check(), "IST0101", "bank-cacert");
  CHECK(missing["severity"].as_string() == "Error");
  const std::string ca = some_ca();
  const Ran made = sh("cd $(dirname " + ca + ") && " + missing["fix"].as_string());
  CHECK_MESSAGE(made.status == 0, made.err);
  const Json after = gateway.check();
  CHECK_FALSE(Gateway::has(after, "IST0101"));
  CHECK_FALSE(Gateway::has(after, "IST0161"));
}

TEST_CASE("whatever of the gateway is missing is found") {
  const Gateway gateway;
  REQUIRE(gateway.ns.kubectl("delete service/httpbin-egress serviceaccount/httpbin-egress").status == 0);
  const Json result = gateway.check("httpbin");
  CHECK_FALSE(Gateway::finding(result, "Missing", "httpbin-egress").is_null());
  CHECK(result["summary"]["errors"].as_integer() == 2);
}

TEST_CASE("a rule in a caller's namespace that shadows the gateway's is found") {
  const Gateway gateway;
  const TestNamespace callers;
  const Ran made = sh("kubectl create --validate=false -n " + callers.name() +
                      " -f - <<'END'\n"
                      "apiVersion: networking.istio.io/v1beta1\n"
                      "kind: DestinationRule\n"
                      "metadata: {name: everything}\n"
                      "spec: {host: \"*.local\", trafficPolicy: {tls: {mode: DISABLE}}}\n"
                      "END\n");
  REQUIRE_MESSAGE(made.status == 0, made.err);
  const Json item = Gateway::finding(gateway.check(), "ShadowedRule", "everything");
  CHECK(item["severity"].as_string() == "Warning");
  CHECK(item["object"]["namespace"].as_string() == callers.name());
}

TEST_CASE("as many requests for three gateways as for one") {
  const Gateway gateway;
  const std::string one = traffic(gateway.ns.egress("check -v 6"));
  for (const char* name : {"second", "third"})
    REQUIRE(
        gateway.ns.egress("create " + std::string(name) + " --host " + name + "." + gateway.host()).status ==
        0);
  const Ran three = gateway.ns.egress("check -v 6");
  CHECK(traffic(three) == one);
  CHECK(one.ends_with("connections: 1\n"));
  CHECK(three.out.find("egressgateway/third -n ") != std::string::npos);
}

TEST_CASE("a namespace without gateways is checked for the mesh alone, and a missing one is an error") {
  const TestNamespace ns;
  const Ran none = ns.egress("check");
  CHECK(none.status == 0);
  CHECK(none.err.find("No egress gateways found in " + ns.name() + " namespace") != std::string::npos);
  const Ran missing = ns.egress("check nope");
  CHECK(missing.status == 1);
  CHECK(testing::mentions(missing.err, {"egressgateway", "nope", ns.name(), "not found"}));
  CHECK(ns.egress("check nope -A").status == 1);
  CHECK(ns.egress("check -o table").status == 1);
}

TEST_CASE("what a user may not look at is a note for each kind") {
  const Gateway gateway;
  const std::string user = gateway.ns.name() + "-user";
  REQUIRE(gateway.ns.kubectl("create rolebinding looks --clusterrole=admin --user=" + user).status == 0);
  const Ran ran = gateway.ns.egress("check --istio-version 1.30 -o json --as " + user);
  const Json result = Json::parse(ran.out);
  CHECK(Gateway::has(result, "Unseen"));
  CHECK_FALSE(Gateway::has(result, "RegistryOnlyMissing"));
  CHECK_FALSE(Gateway::has(result, "Missing"));
}

}  // namespace egress

TEST_SUITE_END();
