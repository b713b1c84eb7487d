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

using testing::CommandResult;
using testing::on_sandbox;
using testing::sh;
using testing::TestNamespace;

const std::string service = "httpbin.org";
/// What callers call it, in the mesh and outside.
const std::string exposed_host = "httpbin.example.com";
const std::string ingress_ns = "istio-system";

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::set<std::string> strings(const Json& list) {
  std::set<std::string> found;
  for (const Json& item : list.items()) found.insert(item.as_string());
  return found;
}

std::string sandbox_file(const std::string& name) {
  return std::string(std::getenv("EGRESS_SANDBOX_DIR")) + "/" + name;
}

/// A line for each object of a namespace; events are history, and the rest Kubernetes makes in every one.
std::string object_names(const std::string& ns) {
  const CommandResult found = sh(
      "kinds=$(kubectl api-resources --namespaced --verbs=list -o name | grep -v '^events' | paste -sd, -); "
      "kubectl get \"$kinds\" -o name -n " +
      ns + " | grep -vE '/kube-root-ca.crt$|/default$|/default-token-' | sort");
  REQUIRE(found.status == 0);
  return found.out;
}

/// A certificate for the exposed name, signed by a CA of its own, put beside the ingress gateway as a Secret;
/// it goes with the test.
class TlsSecret {
 public:
  explicit TlsSecret(std::string name) : name_(std::move(name)) {
    const CommandResult created =
        sh("cd " + sandbox_file("") +
           " && openssl req -x509 -nodes -newkey rsa:2048 -days 30 -subj /CN=hand-made-CA"
           " -keyout hand-ca.key -out hand-ca.crt"
           " && openssl req -nodes -newkey rsa:2048 -subj /CN=" +
           exposed_host +
           " -keyout hand.key -out hand.csr"
           " && echo subjectAltName=DNS:" +
           exposed_host +
           " > hand.ext"
           " && openssl x509 -req -days 30 -CA hand-ca.crt -CAkey hand-ca.key -set_serial 1"
           " -in hand.csr -extfile hand.ext -out hand.crt"
           " && kubectl create secret tls " +
           name_ + " --key hand.key --cert hand.crt -n " + ingress_ns);
    REQUIRE_MESSAGE(created.status == 0, created.err);
  }
  ~TlsSecret() { sh("kubectl delete secret " + name_ + " -n " + ingress_ns); }
  TlsSecret(const TlsSecret&) = delete;
  TlsSecret& operator=(const TlsSecret&) = delete;

  const std::string& name() const { return name_; }

 private:
  std::string name_;
};

/// One object beside the ingress gateway.
Json ingress_object(const std::string& kind_and_name) {
  const CommandResult result = sh("kubectl get " + kind_and_name + " -o json -n " + ingress_ns);
  REQUIRE_MESSAGE(result.status == 0, result.err);
  return Json::parse(result.out);
}

/// Both hops of what the article writes as one VirtualService, and the ingress gateway that leads to the
/// first.
void check_routes(const TestNamespace& ns, const std::string& secret) {
  const std::string ingress = ns.name() + "-httpbin-egress";
  const std::string host = "httpbin-egress." + ns.name() + ".svc.cluster.local";

  const Json callers = ns.object("virtualservice httpbin-egress")["spec"];
  CHECK(strings(callers["hosts"]) == std::set<std::string>{service, exposed_host});
  CHECK(strings(callers["gateways"]) == std::set<std::string>{"mesh", ingress_ns + "/" + ingress});
  const Json& to_gateway = callers["http"].items().at(0)["route"].items().at(0)["destination"];
  CHECK(to_gateway["host"].as_string() == host);
  CHECK(to_gateway["port"]["number"].as_integer() == 80);
  CHECK(callers["exportTo"] == array({"*"}));
  const Json metadata = ns.object("service httpbin-egress")["metadata"];
  CHECK(metadata["annotations"]["networking.istio.io/exportTo"].as_string() == "*");

  const Json upstream = ns.object("virtualservice httpbin-egress-upstream")["spec"];
  CHECK(strings(upstream["hosts"]) == std::set<std::string>{service, exposed_host});
  CHECK(strings(upstream["gateways"]) == std::set<std::string>{ns.name() + "/httpbin-egress"});
  const Json& route = upstream["http"].items().at(0);
  CHECK(route["rewrite"]["authority"].as_string() == service);
  CHECK(route["route"].items().at(0)["destination"]["host"].as_string() == service);

  const Json ingress_gateway = ingress_object("gateway.networking.istio.io " + ingress)["spec"];
  REQUIRE(ingress_gateway["servers"].items().size() == 2);
  for (const Json& server : ingress_gateway["servers"].items())
    CHECK(strings(server["hosts"]) == std::set<std::string>{exposed_host});
  CHECK(ingress_gateway["servers"].items()[1]["tls"]["credentialName"].as_string() == secret);
}

/// The only container of that name in the pods of the gateway.
Json container(const TestNamespace& ns, const std::string& name) {
  const Json deployment = ns.object("deployment httpbin-egress");
  for (const Json& item : deployment["spec"]["template"]["spec"]["containers"].items())
    if (item["name"].as_string() == name) return item;
  return {};
}

/// The pods of any namespace that the Gateway of that gateway would configure.
std::string selected_pods(const TestNamespace& ns, const std::string& gateway) {
  const Json spec = ns.object("gateway.networking.istio.io " + gateway + "-egress")["spec"];
  std::vector<std::string> terms;
  for (const auto& [key, value] : spec["selector"].members()) terms.push_back(key + "=" + value.as_string());
  return sh("kubectl get pods -A -o name -l " + join(terms, ",")).out;
}

}  // namespace

// users.md: 1, 22
TEST_CASE("the article's steps: a TLS Secret, one gateway, both its uses, and nothing left after delete") {
  if (!on_sandbox()) return testing::skip("it needs a sandbox");
  const TestNamespace ns;
  const TlsSecret certificate(ns.name() + "-cert");
  const std::string before = object_names(ns.name());
  const std::string ingress_before = object_names(ingress_ns);

  const CommandResult created = ns.egress("create httpbin --host " + service + " --expose " + exposed_host +
                                          " --tls-secret " + certificate.name());
  REQUIRE_MESSAGE(created.status == 0, created.err);
  CHECK(created.err.find("error") == std::string::npos);
  check_routes(ns, certificate.name());
  CHECK(ns.object("serviceentry httpbin-egress")["spec"]["hosts"] == array({service}));
  CHECK(ns.object("destinationrule httpbin-egress-upstream")["spec"]["host"].as_string() == service);
  CHECK(ns.object("peerauthentication httpbin-egress")["spec"]["mtls"]["mode"].as_string() == "STRICT");

  const CommandResult listed = ns.egress("list -o wide");
  CHECK(contains(listed.out, "Ready"));
  CHECK(contains(listed.out, exposed_host));
  const CommandResult inspected = ns.egress("inspect httpbin");
  CHECK_FALSE(contains(inspected.out, "Problems:"));
  for (const std::string& url : {"https://" + exposed_host + "/", "http://" + exposed_host + "/",
                                 "http://" + service + "/", service + ":443"}) {
    CAPTURE(url);
    CHECK(contains(inspected.out, url));
  }

  const CommandResult deleted = ns.egress("delete httpbin --drain 0s");
  REQUIRE_MESSAGE(deleted.status == 0, deleted.err);
  CHECK(object_names(ns.name()) == before);
  CHECK(object_names(ingress_ns) == ingress_before);
  CHECK(contains(ingress_before, "secret/" + certificate.name() + "\n"));
}

// users.md: 18
TEST_CASE(
    "the article's certificate, self-signed, verifies for the exposed host and is deleted with the gateway") {
  if (!on_sandbox()) return testing::skip("it needs a sandbox");
  const TestNamespace ns;
  const std::string ingress_before = object_names(ingress_ns);
  const std::string ca = sandbox_file(ns.name() + "-ca.crt");
  const CommandResult created = ns.egress("create httpbin --host " + service + " --expose " + exposed_host +
                                          " --self-signed --save-ca " + ca);
  REQUIRE_MESSAGE(created.status == 0, created.err);
  const std::string name = ns.name() + "-httpbin-egress";
  check_routes(ns, name);

  const std::string certificate_file = sandbox_file(ns.name() + ".crt");
  REQUIRE(sh("kubectl get secret " + name + " -n " + ingress_ns +
             " -o jsonpath='{.data.tls\\.crt}' | base64 -d > " + certificate_file)
              .status == 0);
  CHECK(sh("openssl verify -x509_strict -CAfile " + ca + " " + certificate_file).status == 0);
  CHECK(contains(sh("openssl x509 -noout -checkhost " + exposed_host + " -in " + certificate_file).out,
                 "does match"));
  CHECK_FALSE(contains(created.out + created.err, "PRIVATE KEY"));

  REQUIRE(ns.egress("delete httpbin --drain 0s").status == 0);
  CHECK(object_names(ingress_ns) == ingress_before);
}

TEST_CASE("--save-ca writes the CAs of all self-signed gateways of an apply, also of unchanged ones") {
  if (!on_sandbox()) return testing::skip("it needs a sandbox");
  const TestNamespace ns;
  const std::string ca = sandbox_file(ns.name() + "-cas.crt");
  const std::string apply_manifests =
      "for i in 1 2 3; do printf 'apiVersion: kubectl-egress/v1alpha1\\nkind: "
      "EgressGateway\\nmetadata: {name: gw-%s}\\nspec: {hosts: [%s." +
      ns.name() + ".example.org], ingress: {hosts: [%s." + ns.name() +
      ".example.com], selfSigned: true}}\\n---\\n' $i $i $i; done | kubectl egress apply -n " + ns.name() +
      " -f - --wait=false --save-ca ";
  const CommandResult refused = sh(apply_manifests + ca + "/missing");
  CHECK(refused.status == 1);
  CHECK(contains(refused.err, "error: open " + ca + "/missing: "));
  CHECK(contains(ns.egress("list").err, "No egress gateways found"));

  const CommandResult created = sh(apply_manifests + ca);
  REQUIRE_MESSAGE(created.status == 0, created.err);
  CHECK(testing::mentions(created.err, {"3 gateways", ca}));
  for (const char* name : {"gw-1", "gw-2", "gw-3"}) {
    CAPTURE(name);
    const std::string certificate_file = sandbox_file(ns.name() + ".crt");
    REQUIRE(sh("kubectl get secret " + ns.name() + "-" + name + "-egress -n " + ingress_ns +
               " -o jsonpath='{.data.tls\\.crt}' | base64 -d > " + certificate_file)
                .status == 0);
    CHECK(sh("openssl verify -x509_strict -CAfile " + ca + " " + certificate_file).status == 0);
  }

  const std::string before = sh("cat " + ca).out;
  const CommandResult again = sh("rm " + ca + "; " + apply_manifests + ca + " -o name");
  CHECK_MESSAGE(again.status == 0, again.err);
  CHECK(sh("cat " + ca).out == before);
  CHECK(ns.egress("delete --all --drain 0s").status == 0);
}

TEST_CASE("private keys of a self-signed certificate are never printed") {
  if (!on_sandbox()) return testing::skip("it needs a sandbox");
  const TestNamespace ns;
  const CommandResult created =
      ns.egress("create httpbin --host " + service + " --expose " + exposed_host + " --self-signed -v 9");
  REQUIRE_MESSAGE(created.status == 0, created.err);
  const std::string name = ns.name() + "-httpbin-egress";
  const Json secret =
      Json::parse(sh("kubectl get secret " + name + " -n " + ingress_ns + " -o json").out)["data"];
  const CommandResult inspected = ns.egress("inspect httpbin -v 10");
  const CommandResult deleted = ns.egress("delete httpbin --drain 0s -v 10");
  REQUIRE_MESSAGE(deleted.status == 0, deleted.err);
  CHECK(contains(created.err, "curl -v -XPATCH -H "));
  CHECK(contains(created.err, R"("tls.key":"<masked>")"));
  const std::string output =
      created.out + created.err + inspected.out + inspected.err + deleted.out + deleted.err;
  CHECK_FALSE(contains(output, "PRIVATE KEY"));
  CHECK_FALSE(contains(output, encode_base64("-----BEGIN ")));
  for (const std::string key : {"tls.key", "ca.key"}) {
    const std::string encoded = secret[key].as_string();
    const std::string pem = decode_base64(encoded).value_or("");
    REQUIRE(contains(pem, "PRIVATE KEY"));
    for (std::size_t at = 40; at + 16 <= encoded.size(); at += 16)
      CHECK_FALSE(contains(output, encoded.substr(at, 16)));
    // In PKCS #8 the number that is secret is bytes 36 to 67; the public half behind it also stands in
    // certificates.
    const std::size_t body = pem.find('\n') + 1;
    for (const std::size_t at : {48U, 65U, 74U}) {
      CAPTURE(at);
      CHECK_FALSE(contains(output, pem.substr(body + at, 16)));
    }
  }
}

// users.md: 5
TEST_CASE("the article's extensions: a probe of the service, and OPA as a sidecar") {
  const TestNamespace ns;
  REQUIRE(ns.kubectl("create configmap rules --from-literal=policy.rego='package envoy.authz'").status == 0);
  const CommandResult created =
      ns.egress("create httpbin --host " + service +
                " --probe-path /status/200 --opa-policy rules --allow shop --allow pay/api");
  REQUIRE_MESSAGE(created.status == 0, created.err);
  const Json probe = container(ns, "istio-proxy")["livenessProbe"];
  CHECK(contains(probe["exec"]["command"].dump(), "http://127.0.0.1:8081/status/200"));
  CHECK(contains(probe["exec"]["command"].dump(), "Host: " + service));
  CHECK(container(ns, "opa")["image"].is_string());
  const Json filter = ns.object("envoyfilter httpbin-egress")["spec"]["configPatches"].items().at(0);
  CHECK(filter["patch"]["value"]["name"].as_string() == "envoy.filters.http.ext_authz");
  const Json rules = ns.object("authorizationpolicy httpbin-egress")["spec"]["rules"];
  const std::string from = rules.items().at(0)["from"].dump();
  CHECK(contains(from, "\"shop\""));
  CHECK(contains(from, "\"cluster.local/ns/pay/sa/api\""));

  REQUIRE(ns.egress("delete httpbin --drain 0s").status == 0);
  CHECK_FALSE(ns.object("configmap rules").is_null());
}

// users.md: 2, 12
TEST_CASE("several gateways of a namespace select only their own pods") {
  const TestNamespace ns;
  const CommandResult secret =
      sh("cd $(mktemp -d) && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 365 "
         "-subj /CN=bank -keyout tls.key -out tls.crt 2>/dev/null && kubectl create secret generic "
         "bank-client --from-file=tls.crt --from-file=tls.key --from-file=ca.crt=tls.crt -n " +
         ns.name());
  REQUIRE_MESSAGE(secret.status == 0, secret.err);
  const std::string before = object_names(ns.name());
  REQUIRE(ns.egress("create httpbin --host " + service).status == 0);
  const Json first = ns.object("gateway.networking.istio.io httpbin-egress");
  for (const char* arguments :
       {"create github --host api.github.com --host github.com",
        "create bank --host api.bank.example --tls mutual --client-credential bank-client",
        "create orders --host db.example.com --protocol tcp --port 5432 --address 192.0.2.10"}) {
    CAPTURE(arguments);
    const CommandResult created = ns.egress(arguments);
    CHECK_MESSAGE(created.status == 0, created.err);
  }
  CHECK(ns.egress("list -o name").out ==
        "egressgateway/bank\negressgateway/github\negressgateway/httpbin\negressgateway/orders\n");
  CHECK(ns.object("gateway.networking.istio.io httpbin-egress") == first);

  std::set<std::string> pods;
  for (const char* gateway : {"httpbin", "github", "bank", "orders"}) {
    CAPTURE(gateway);
    const std::string selected = selected_pods(ns, gateway);
    CHECK(selected.starts_with("pod/" + std::string(gateway) + "-egress-"));
    CHECK(split(trim(selected), '\n').size() == 1);
    CHECK(pods.insert(selected).second);
  }
  REQUIRE(ns.egress("delete httpbin github bank orders").status == 0);
  CHECK(object_names(ns.name()) == before);
}

}  // namespace egress

TEST_SUITE_END();
