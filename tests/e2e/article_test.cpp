#include <doctest/doctest.h>

#include <cstdlib>
#include <set>

#include "egress/base/digest.hpp"
#include "egress/base/text.hpp"
#include "support/mentions.hpp"
#include "support/shell.hpp"
#include "support/skip.hpp"

// The way that "On Demand Egress Gateways" (istio.io, 2020) goes by hand, gone with this tool, step by step.
// Its ingress gateway is istio-system's, so only on the sandbox.

TEST_SUITE_BEGIN("e2e");

namespace egress {
namespace {

using testing::on_sandbox;
using testing::Ran;
using testing::sh;
using testing::TestNamespace;

const std::string service = "httpbin.org";
/// What callers call it, in the mesh and outside.
const std::string my_hostname = "httpbin.example.com";
const std::string ingress_ns = "istio-system";

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::set<std::string> texts(const Json& list) {
  std::set<std::string> found;
  for (const Json& one : list.items()) found.insert(one.as_string());
  return found;
}

std::string file(const std::string& name) {
  return std::string(std::getenv("EGRESS_SANDBOX_DIR")) + "/" + name;
}

/// A line for each object of a namespace; events are history, and the rest Kubernetes makes in every one.
std::string everything_in(const std::string& ns) {
  const Ran found = sh(
      "kinds=$(kubectl api-resources --namespaced --verbs=list -o name | grep -v '^events' | paste -sd, -); "
      "kubectl get \"$kinds\" -o name -n " +
      ns + " | grep -vE '/kube-root-ca.crt$|/default$|/default-token-' | sort");
  REQUIRE(found.status == 0);
  return found.out;
}

/// A certificate for the exposed name, signed by a CA of its own, put beside the ingress gateway as a Secret;
/// it goes with the test.
class HandmadeSecret {
 public:
  explicit HandmadeSecret(std::string name) : name_(std::move(name)) {
    const Ran made = sh("cd " + file("") +
                        " && openssl req -x509 -nodes -newkey rsa:2048 -days 30 -subj /CN=hand-made-CA"
                        " -keyout hand-ca.key -out hand-ca.crt"
                        " && openssl req -nodes -newkey rsa:2048 -subj /CN=" +
                        my_hostname +
                        " -keyout hand.key -out hand.csr"
                        " && echo subjectAltName=DNS:" +
                        my_hostname +
                        " > hand.ext"
                        " && openssl x509 -req -days 30 -CA hand-ca.crt -CAkey hand-ca.key -set_serial 1"
                        " -in hand.csr -extfile hand.ext -out hand.crt"
                        " && kubectl create secret tls " +
                        name_ + " --key hand.key --cert hand.crt -n " + ingress_ns);
    REQUIRE_MESSAGE(made.status == 0, made.err);
  }
  ~HandmadeSecret() { sh("kubectl delete secret " + name_ + " -n " + ingress_ns); }
  HandmadeSecret(const HandmadeSecret&) = delete;
  HandmadeSecret& operator=(const HandmadeSecret&) = delete;

  const std::string& name() const { return name_; }

 private:
  std::string name_;
};

/// One object beside the ingress gateway.
Json in_ingress(const std::string& kind_and_name) {
  const Ran got = sh("kubectl get " + kind_and_name + " -o json -n " + ingress_ns);
  REQUIRE_MESSAGE(got.status == 0, got.err);
  return Json::parse(got.out);
}

/// Both hops of what the article writes as one VirtualService, and the ingress gateway that leads to the
/// first.
void check_routes(const TestNamespace& ns, const std::string& secret) {
  const std::string ingress = ns.name() + "-httpbin-egress";
  const std::string host = "httpbin-egress." + ns.name() + ".svc.cluster.local";

  const Json callers = ns.object("virtualservice httpbin-egress")["spec"];
  CHECK(texts(callers["hosts"]) == std::set<std::string>{service, my_hostname});
  CHECK(texts(callers["gateways"]) == std::set<std::string>{"mesh", ingress_ns + "/" + ingress});
  const Json& to_gateway = callers["http"].items().at(0)["route"].items().at(0)["destination"];
  CHECK(to_gateway["host"].as_string() == host);
  CHECK(to_gateway["port"]["number"].as_integer() == 80);
  CHECK(callers["exportTo"] == array({"*"}));
  const Json metadata = ns.object("service httpbin-egress")["metadata"];
  CHECK(metadata["annotations"]["networking.istio.io/exportTo"].as_string() == "*");

  const Json upstream = ns.object("virtualservice httpbin-egress-upstream")["spec"];
  CHECK(texts(upstream["hosts"]) == std::set<std::string>{service, my_hostname});
  CHECK(texts(upstream["gateways"]) == std::set<std::string>{ns.name() + "/httpbin-egress"});
  const Json& route = upstream["http"].items().at(0);
  CHECK(route["rewrite"]["authority"].as_string() == service);
  CHECK(route["route"].items().at(0)["destination"]["host"].as_string() == service);

  const Json outside = in_ingress("gateway.networking.istio.io " + ingress)["spec"];
  REQUIRE(outside["servers"].items().size() == 2);
  for (const Json& server : outside["servers"].items())
    CHECK(texts(server["hosts"]) == std::set<std::string>{my_hostname});
  CHECK(outside["servers"].items()[1]["tls"]["credentialName"].as_string() == secret);
}

/// The only container of that name in the pods of the gateway.
Json container(const TestNamespace& ns, const std::string& name) {
  const Json deployment = ns.object("deployment httpbin-egress");
  for (const Json& one : deployment["spec"]["template"]["spec"]["containers"].items())
    if (one["name"].as_string() == name) return one;
  return {};
}

/// The pods of any namespace that the Gateway of that gateway would configure.
std::string selected_by(const TestNamespace& ns, const std::string& gateway) {
  const Json spec = ns.object("gateway.networking.istio.io " + gateway + "-egress")["spec"];
  std::vector<std::string> terms;
  for (const auto& [key, value] : spec["selector"].members()) terms.push_back(key + "=" + value.as_string());
  return sh("kubectl get pods -A -o name -l " + join(terms, ",")).out;
}

}  // namespace

// users.md: 1, 22
TEST_CASE("the article's way: a certificate by hand, one gateway, both its uses, and nothing left of it") {
  if (!on_sandbox()) return testing::skip("it needs a sandbox");
  const TestNamespace ns;
  const HandmadeSecret certificate(ns.name() + "-cert");
  const std::string before = everything_in(ns.name());
  const std::string ingress_before = everything_in(ingress_ns);

  const Ran created = ns.egress("create httpbin --host " + service + " --expose " + my_hostname +
                                " --tls-secret " + certificate.name());
  REQUIRE_MESSAGE(created.status == 0, created.err);
  CHECK(created.err.find("error") == std::string::npos);
  check_routes(ns, certificate.name());
  CHECK(ns.object("serviceentry httpbin-egress")["spec"]["hosts"] == array({service}));
  CHECK(ns.object("destinationrule httpbin-egress-upstream")["spec"]["host"].as_string() == service);
  CHECK(ns.object("peerauthentication httpbin-egress")["spec"]["mtls"]["mode"].as_string() == "STRICT");

  const Ran listed = ns.egress("list -o wide");
  CHECK(has(listed.out, "Ready"));
  CHECK(has(listed.out, my_hostname));
  const Ran inspected = ns.egress("inspect httpbin");
  CHECK_FALSE(has(inspected.out, "Not well:"));
  for (const std::string& asked : {"https://" + my_hostname + "/", "http://" + my_hostname + "/",
                                   "http://" + service + "/", service + ":443"}) {
    CAPTURE(asked);
    CHECK(has(inspected.out, asked));
  }

  const Ran deleted = ns.egress("delete httpbin --drain 0s");
  REQUIRE_MESSAGE(deleted.status == 0, deleted.err);
  CHECK(everything_in(ns.name()) == before);
  CHECK(everything_in(ingress_ns) == ingress_before);
  CHECK(has(ingress_before, "secret/" + certificate.name() + "\n"));
}

// users.md: 18
TEST_CASE("the article's certificate, made by the tool, verifies for the exposed name and goes with it") {
  if (!on_sandbox()) return testing::skip("it needs a sandbox");
  const TestNamespace ns;
  const std::string ingress_before = everything_in(ingress_ns);
  const std::string ca = file(ns.name() + "-ca.crt");
  const Ran created = ns.egress("create httpbin --host " + service + " --expose " + my_hostname +
                                " --self-signed --save-ca " + ca);
  REQUIRE_MESSAGE(created.status == 0, created.err);
  const std::string name = ns.name() + "-httpbin-egress";
  check_routes(ns, name);

  const std::string served = file(ns.name() + ".crt");
  REQUIRE(sh("kubectl get secret " + name + " -n " + ingress_ns +
             " -o jsonpath='{.data.tls\\.crt}' | base64 -d > " + served)
              .status == 0);
  CHECK(sh("openssl verify -x509_strict -CAfile " + ca + " " + served).status == 0);
  CHECK(has(sh("openssl x509 -noout -checkhost " + my_hostname + " -in " + served).out, "does match"));
  CHECK_FALSE(has(created.out + created.err, "PRIVATE KEY"));

  REQUIRE(ns.egress("delete httpbin --drain 0s").status == 0);
  CHECK(everything_in(ingress_ns) == ingress_before);
}

TEST_CASE("the CAs of all self-signed gateways of an apply are in one file, of those left as they are, too") {
  if (!on_sandbox()) return testing::skip("it needs a sandbox");
  const TestNamespace ns;
  const std::string ca = file(ns.name() + "-cas.crt");
  const std::string forms =
      "for i in 1 2 3; do printf 'apiVersion: kubectl-egress/v1alpha1\\nkind: "
      "EgressGateway\\nmetadata: {name: gw-%s}\\nspec: {hosts: [%s." +
      ns.name() + ".example.org], ingress: {hosts: [%s." + ns.name() +
      ".example.com], selfSigned: true}}\\n---\\n' $i $i $i; done | kubectl egress apply -n " + ns.name() +
      " -f - --wait=false --save-ca ";
  const Ran refused = sh(forms + ca + "/missing");
  CHECK(refused.status == 1);
  CHECK(has(refused.err, "error: open " + ca + "/missing: "));
  CHECK(has(ns.egress("list").err, "No egress gateways found"));

  const Ran made = sh(forms + ca);
  REQUIRE_MESSAGE(made.status == 0, made.err);
  CHECK(testing::mentions(made.err, {"3 gateways", ca}));
  for (const char* name : {"gw-1", "gw-2", "gw-3"}) {
    CAPTURE(name);
    const std::string served = file(ns.name() + ".crt");
    REQUIRE(sh("kubectl get secret " + ns.name() + "-" + name + "-egress -n " + ingress_ns +
               " -o jsonpath='{.data.tls\\.crt}' | base64 -d > " + served)
                .status == 0);
    CHECK(sh("openssl verify -x509_strict -CAfile " + ca + " " + served).status == 0);
  }

  const std::string before = sh("cat " + ca).out;
  const Ran again = sh("rm " + ca + "; " + forms + ca + " -o name");
  CHECK_MESSAGE(again.status == 0, again.err);
  CHECK(sh("cat " + ca).out == before);
  CHECK(ns.egress("delete --all --drain 0s").status == 0);
}

TEST_CASE("of the keys of a certificate made by the tool nothing is told, at no level") {
  if (!on_sandbox()) return testing::skip("it needs a sandbox");
  const TestNamespace ns;
  const Ran created =
      ns.egress("create httpbin --host " + service + " --expose " + my_hostname + " --self-signed -v 9");
  REQUIRE_MESSAGE(created.status == 0, created.err);
  const std::string name = ns.name() + "-httpbin-egress";
  const Json secret =
      Json::parse(sh("kubectl get secret " + name + " -n " + ingress_ns + " -o json").out)["data"];
  const Ran inspected = ns.egress("inspect httpbin -v 10");
  const Ran deleted = ns.egress("delete httpbin --drain 0s -v 10");
  REQUIRE_MESSAGE(deleted.status == 0, deleted.err);
  CHECK(has(created.err, "curl -v -XPATCH -H "));
  CHECK(has(created.err, R"("tls.key":"<masked>")"));
  const std::string told =
      created.out + created.err + inspected.out + inspected.err + deleted.out + deleted.err;
  CHECK_FALSE(has(told, "PRIVATE KEY"));
  CHECK_FALSE(has(told, base64("-----BEGIN ")));
  for (const std::string key : {"tls.key", "ca.key"}) {
    const std::string encoded = secret[key].as_string();
    const std::string pem = base64_decoded(encoded).value_or("");
    REQUIRE(has(pem, "PRIVATE KEY"));
    for (std::size_t at = 40; at + 16 <= encoded.size(); at += 16)
      CHECK_FALSE(has(told, encoded.substr(at, 16)));
    // In PKCS #8 the number that is secret is bytes 36 to 67; the public half behind it also stands in
    // certificates.
    const std::size_t body = pem.find('\n') + 1;
    for (const std::size_t at : {48U, 65U, 74U}) {
      CAPTURE(at);
      CHECK_FALSE(has(told, pem.substr(body + at, 16)));
    }
  }
}

// users.md: 5
TEST_CASE("the article's wishes: a gateway that lives with its service, and OPA beside it") {
  const TestNamespace ns;
  REQUIRE(ns.kubectl("create configmap rules --from-literal=policy.rego='package envoy.authz'").status == 0);
  const Ran made = ns.egress("create httpbin --host " + service +
                             " --probe-path /status/200 --opa-policy rules --allow shop --allow pay/api");
  REQUIRE_MESSAGE(made.status == 0, made.err);
  const Json probe = container(ns, "istio-proxy")["livenessProbe"];
  CHECK(has(probe["exec"]["command"].dump(), "http://127.0.0.1:8081/status/200"));
  CHECK(has(probe["exec"]["command"].dump(), "Host: " + service));
  CHECK(container(ns, "opa")["image"].is_string());
  const Json filter = ns.object("envoyfilter httpbin-egress")["spec"]["configPatches"].items().at(0);
  CHECK(filter["patch"]["value"]["name"].as_string() == "envoy.filters.http.ext_authz");
  const Json rules = ns.object("authorizationpolicy httpbin-egress")["spec"]["rules"];
  const std::string from = rules.items().at(0)["from"].dump();
  CHECK(has(from, "\"shop\""));
  CHECK(has(from, "\"cluster.local/ns/pay/sa/api\""));

  REQUIRE(ns.egress("delete httpbin --drain 0s").status == 0);
  CHECK_FALSE(ns.object("configmap rules").is_null());
}

// users.md: 2, 12
TEST_CASE("the second, third and fourth gateway of a namespace keep to their own pods") {
  const TestNamespace ns;
  const Ran made =
      sh("cd $(mktemp -d) && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 365 "
         "-subj /CN=bank -keyout tls.key -out tls.crt 2>/dev/null && kubectl create secret generic "
         "bank-client --from-file=tls.crt --from-file=tls.key --from-file=ca.crt=tls.crt -n " +
         ns.name());
  REQUIRE_MESSAGE(made.status == 0, made.err);
  const std::string before = everything_in(ns.name());
  REQUIRE(ns.egress("create httpbin --host " + service).status == 0);
  const Json first = ns.object("gateway.networking.istio.io httpbin-egress");
  for (const char* words :
       {"create github --host api.github.com --host github.com",
        "create bank --host api.bank.example --tls mutual --client-credential bank-client",
        "create orders --host db.example.com --protocol tcp --port 5432 --address 192.0.2.10"}) {
    CAPTURE(words);
    const Ran created = ns.egress(words);
    CHECK_MESSAGE(created.status == 0, created.err);
  }
  CHECK(ns.egress("list -o name").out ==
        "egressgateway/bank\negressgateway/github\negressgateway/httpbin\negressgateway/orders\n");
  CHECK(ns.object("gateway.networking.istio.io httpbin-egress") == first);

  std::set<std::string> pods;
  for (const char* gateway : {"httpbin", "github", "bank", "orders"}) {
    CAPTURE(gateway);
    const std::string selected = selected_by(ns, gateway);
    CHECK(selected.starts_with("pod/" + std::string(gateway) + "-egress-"));
    CHECK(split(trimmed(selected), '\n').size() == 1);
    CHECK(pods.insert(selected).second);
  }
  REQUIRE(ns.egress("delete httpbin github bank orders").status == 0);
  CHECK(everything_in(ns.name()) == before);
}

}  // namespace egress

TEST_SUITE_END();
