#include <doctest/doctest.h>

#include <algorithm>

#include "egress/base/text.hpp"
#include "support/mentions.hpp"
#include "support/shell.hpp"

TEST_SUITE_BEGIN("e2e");

namespace egress {
namespace {

using testing::CommandResult;
using testing::sh;
using testing::TestNamespace;

/// The file ca.crt, in a directory of its own.
std::string write_ca_file() {
  const CommandResult created =
      sh("d=$(mktemp -d) && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 365 "
         "-subj /CN=bank -keyout /dev/null -out $d/ca.crt 2>/dev/null && echo $d/ca.crt");
  REQUIRE_MESSAGE(created.status == 0, created.err);
  return std::string(trim(created.out));
}

/// A namespace with the gateway httpbin.
class Gateway {
 public:
  explicit Gateway(const std::string& arguments = "", const std::string& setup_command = "") {
    if (!setup_command.empty()) REQUIRE(ns.kubectl(setup_command).status == 0);
    REQUIRE(ns.egress("create httpbin --host " + host() + " " + arguments).status == 0);
  }

  /// One that no other test's gateway has: hosts meet across namespaces.
  std::string host() const { return ns.name() + ".example.org"; }

  Json check(const std::string& arguments = "") const {
    const CommandResult result = ns.egress("check " + arguments + " -o json");
    REQUIRE_MESSAGE(result.out.starts_with("{"), result.err);
    return Json::parse(result.out);
  }

  /// The finding of that code about an object of that name; null where there is none.
  static Json finding(const Json& result, const std::string& code, const std::string& name) {
    for (const Json& item : result["items"].items())
      if (item["code"].as_string() == code && item["object"]["name"].as_string() == name) return item;
    return {};
  }

  static bool has_code(const Json& result, const std::string& code) {
    return std::ranges::any_of(result["items"].items(),
                               [&](const Json& item) { return item["code"].as_string() == code; });
  }

  /// Stores an object of the namespace.
  void apply(const std::string& yaml) const {
    const CommandResult result =
        sh("kubectl create --validate=false -n " + ns.name() + " -f - <<'END'\n" + yaml + "END\n");
    REQUIRE_MESSAGE(result.status == 0, result.err);
  }

  TestNamespace ns;
};

/// "waves: 2, requests: 20, connections: 1" on stderr at -v 6.
std::string traffic_line(const CommandResult& result) {
  const std::size_t at = result.err.rfind("waves: ");
  REQUIRE(at != std::string::npos);
  return result.err.substr(at);
}

}  // namespace

TEST_CASE("check exits with 0 for a gateway without errors and warns that it is open to all") {
  const Gateway gateway;
  const CommandResult checked = gateway.ns.egress("check httpbin");
  CHECK_MESSAGE(checked.status == 0, checked.out);
  CHECK(checked.out.find("egressgateway/httpbin -n " + gateway.ns.name() + "\n") != std::string::npos);
  CHECK(checked.out.find("  Warning OpenToAll\n") != std::string::npos);
  CHECK(checked.out.find("0 errors, ") != std::string::npos);
  const Json result = gateway.check();
  CHECK(result["kind"].as_string() == "CheckResult");
  CHECK(result["summary"]["errors"].as_integer() == 0);
}

TEST_CASE("a VirtualService with the same host is found, with exit code 1") {
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
  CHECK(Gateway::has_code(gateway.check(), "Missing"));
  CHECK(gateway.ns.egress("check").status == 1);
}

TEST_CASE("a foreign Gateway that selects the gateway's pods is an error") {
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
  const CommandResult result = gateway.ns.egress("check");
  CHECK(result.status == 1);
  CHECK(result.out.find("  Error ForeignGateway: gateway.networking.istio.io/intruder -n " +
                        gateway.ns.name() + "\n") != std::string::npos);
}

TEST_CASE("a missing Secret is found, and the suggested command creates it") {
  // What is missing beforehand is refused; here it goes missing later.
  const std::string secret = "secret generic bank-cacert";
  const Gateway gateway("--upstream-ca bank-cacert",
                        "create " + secret + " --from-file=ca.crt=" + write_ca_file());
  REQUIRE(gateway.ns.kubectl("delete secret bank-cacert").status == 0);
  const Json missing = Gateway::finding(gateway.check(), "IST0101", "bank-cacert");
  CHECK(missing["severity"].as_string() == "Error");
  const std::string ca = write_ca_file();
  const CommandResult created = sh("cd $(dirname " + ca + ") && " + missing["fix"].as_string());
  CHECK_MESSAGE(created.status == 0, created.err);
  const Json after = gateway.check();
  CHECK_FALSE(Gateway::has_code(after, "IST0101"));
  CHECK_FALSE(Gateway::has_code(after, "IST0161"));
}

TEST_CASE("missing objects of the gateway are found") {
  const Gateway gateway;
  REQUIRE(gateway.ns.kubectl("delete service/httpbin-egress serviceaccount/httpbin-egress").status == 0);
  const Json result = gateway.check("httpbin");
  CHECK_FALSE(Gateway::finding(result, "Missing", "httpbin-egress").is_null());
  CHECK(result["summary"]["errors"].as_integer() == 2);
}

TEST_CASE("a rule in a caller's namespace that shadows the gateway's is found") {
  const Gateway gateway;
  const TestNamespace callers;
  const CommandResult created = sh("kubectl create --validate=false -n " + callers.name() +
                                   " -f - <<'END'\n"
                                   "apiVersion: networking.istio.io/v1beta1\n"
                                   "kind: DestinationRule\n"
                                   "metadata: {name: everything}\n"
                                   "spec: {host: \"*.local\", trafficPolicy: {tls: {mode: DISABLE}}}\n"
                                   "END\n");
  REQUIRE_MESSAGE(created.status == 0, created.err);
  const Json item = Gateway::finding(gateway.check(), "ShadowedRule", "everything");
  CHECK(item["severity"].as_string() == "Warning");
  CHECK(item["object"]["namespace"].as_string() == callers.name());
}

TEST_CASE("check sends as many requests for three gateways as for one") {
  const Gateway gateway;
  const std::string single = traffic_line(gateway.ns.egress("check -v 6"));
  for (const char* name : {"second", "third"})
    REQUIRE(
        gateway.ns.egress("create " + std::string(name) + " --host " + name + "." + gateway.host()).status ==
        0);
  const CommandResult multiple = gateway.ns.egress("check -v 6");
  CHECK(traffic_line(multiple) == single);
  CHECK(single.ends_with("connections: 1\n"));
  CHECK(multiple.out.find("egressgateway/third -n ") != std::string::npos);
}

TEST_CASE("a namespace without gateways is checked for the mesh alone, and a missing one is an error") {
  const TestNamespace ns;
  const CommandResult none = ns.egress("check");
  CHECK(none.status == 0);
  CHECK(none.err.find("No egress gateways found in " + ns.name() + " namespace") != std::string::npos);
  const CommandResult missing = ns.egress("check nope");
  CHECK(missing.status == 1);
  CHECK(testing::mentions(missing.err, {"egressgateway", "nope", ns.name(), "not found"}));
  CHECK(ns.egress("check nope -A").status == 1);
  CHECK(ns.egress("check -o table").status == 1);
}

TEST_CASE("each kind that the user may not list is a note") {
  const Gateway gateway;
  const std::string user = gateway.ns.name() + "-user";
  REQUIRE(gateway.ns.kubectl("create rolebinding looks --clusterrole=admin --user=" + user).status == 0);
  const CommandResult checked = gateway.ns.egress("check --istio-version 1.30 -o json --as " + user);
  const Json result = Json::parse(checked.out);
  CHECK(Gateway::has_code(result, "Unseen"));
  CHECK_FALSE(Gateway::has_code(result, "RegistryOnlyMissing"));
  CHECK_FALSE(Gateway::has_code(result, "Missing"));
}

}  // namespace egress

TEST_SUITE_END();
