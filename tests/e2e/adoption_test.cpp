#include <doctest/doctest.h>

#include "support/shell.hpp"
#include "support/skip.hpp"

TEST_SUITE_BEGIN("e2e");

namespace egress {
namespace {

using testing::Ran;
using testing::TestNamespace;

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

Ran apply(const TestNamespace& ns, const std::string& objects, const std::string& flags = "") {
  const Ran ran = ns.kubectl("apply " + flags + " -f - <<X\n" + objects + "X\n");
  REQUIRE_MESSAGE(ran.status == 0, ran.err);
  return ran;
}

}  // namespace

TEST_CASE("an object of others is taken over only where it is named, and nothing else is") {
  const TestNamespace ns;
  REQUIRE(ns.kubectl("create serviceaccount httpbin-egress").status == 0);
  const Ran refused = ns.egress("create httpbin --host $ns.example.org");
  CHECK(refused.status == 1);
  CHECK(has(refused.err, "--adopt serviceaccount/httpbin-egress"));
  const Ran adopted = ns.egress("create httpbin --host $ns.example.org --adopt sa/httpbin-egress");
  REQUIRE_MESSAGE(adopted.status == 0, adopted.err);
  // Whoever made it had written nothing that is written now: nobody is replaced.
  CHECK(has(adopted.err, "serviceaccount/httpbin-egress in namespace \"" + ns.name() + "\" is taken over"));
  CHECK_FALSE(has(adopted.err, "is taken over from"));
  CHECK(ns.egress("delete httpbin --drain 0s").status == 0);
  CHECK(ns.object("serviceaccount httpbin-egress").is_null());
}

TEST_CASE(
    "what was made by kubectl apply is taken over with the fields that differ, and who loses them is said") {
  const TestNamespace ns;
  apply(ns, R"(
apiVersion: networking.istio.io/v1beta1
kind: VirtualService
metadata: {name: httpbin-egress}
spec:
  hosts: [$ns.example.org]
  gateways: [mesh]
  http: [{route: [{destination: {host: istio-egressgateway.istio-system.svc.cluster.local}}]}]
---
apiVersion: v1
kind: Service
metadata: {name: httpbin-egress}
spec:
  type: NodePort
  selector: {app: by-hand}
  ports: [{name: http2, port: 80, targetPort: 8080, protocol: TCP}]
)");
  const std::string create = "create httpbin --host $ns.example.org";
  CHECK(ns.egress(create).status == 1);
  const Ran adopted = ns.egress(create + " --adopt virtualservice/httpbin-egress --adopt svc/httpbin-egress");
  REQUIRE_MESSAGE(adopted.status == 0, adopted.err);
  CAPTURE(adopted.err);
  const std::string in = " in namespace \"" + ns.name() + "\" is taken over from kubectl-client-side-apply (";
  const std::string route =
      adopted.err.substr(adopted.err.find("virtualservice.networking.istio.io/httpbin-egress" + in));
  CHECK(has(route.substr(0, route.find('\n')), ".spec.http"));
  // The same by both: it is shared.
  CHECK_FALSE(has(route.substr(0, route.find('\n')), ".spec.gateways"));
  const std::string service = adopted.err.substr(adopted.err.find("service/httpbin-egress" + in));
  CHECK(has(service.substr(0, service.find('\n')), ".spec.type"));
  CHECK(has(service.substr(0, service.find('\n')),
            "; what else of it is managed by kubectl-client-side-apply stays so"));

  CHECK(ns.object("service httpbin-egress")["spec"]["type"].as_string() == "ClusterIP");
  CHECK_FALSE(ns.object("service httpbin-egress")["spec"]["selector"].has("app"));
  CHECK(has(ns.object("virtualservice httpbin-egress")["spec"]["http"].dump(),
            "httpbin-egress." + ns.name() + ".svc.cluster.local"));
  CHECK(has(ns.egress("list").out, "Ready"));
  CHECK(ns.egress("diff httpbin").status == 0);
}

TEST_CASE(
    "what Helm made is taken over with a warning that Helm would delete it, and what cannot be says what to "
    "do") {
  const TestNamespace ns;
  const Ran installed = testing::sh(R"(set -e
chart=$(mktemp -d) && mkdir $chart/templates && cd $chart
cat >Chart.yaml <<X
{apiVersion: v2, name: chart, version: 1.0.0}
X
cat >templates/all.yaml <<X
apiVersion: v1
kind: Service
metadata: {name: httpbin-egress, labels: {app.kubernetes.io/managed-by: Helm}}
spec:
  selector: {app: httpbin}
  ports: [{name: http2, port: 80, targetPort: 8080, protocol: TCP}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: httpbin-egress}
spec:
  selector: {matchLabels: {app: httpbin}}
  template:
    metadata: {labels: {app: httpbin}}
    spec: {containers: [{name: istio-proxy, image: auto}]}
X
${EGRESS_CURRENT_HELM:-helm} install by-helm . -n )" +
                                    ns.name());
  if (installed.status == 127) return testing::skip("there is no helm; see EGRESS_CURRENT_HELM");
  REQUIRE_MESSAGE(installed.status == 0, installed.err);

  const std::string create =
      "create httpbin --host $ns.example.org --adopt service/httpbin-egress --adopt "
      "deployment/httpbin-egress";
  const Ran refused = ns.egress(create);
  CHECK(refused.status == 1);
  CHECK_MESSAGE(has(refused.err, "immutable"), refused.err);
  CHECK(has(refused.err,
            "Choose another NAME; or delete deployment.apps/httpbin-egress first, and what it serves "
            "waits: kubectl delete deployment.apps/httpbin-egress -n " +
                ns.name()));
  REQUIRE(ns.kubectl("delete deployment httpbin-egress").status == 0);

  const Ran adopted = ns.egress("create httpbin --host $ns.example.org --adopt service/httpbin-egress");
  REQUIRE_MESSAGE(adopted.status == 0, adopted.err);
  CHECK_MESSAGE(
      has(adopted.err, "service/httpbin-egress in namespace \"" + ns.name() + "\" is taken over from helm ("),
      adopted.err);
  const std::string uninstall = "helm uninstall by-helm -n " + ns.name();
  CHECK(has(adopted.err, "is still one of Helm's release \"by-helm\": `" + uninstall + "` will delete it"));
  CHECK(has(ns.egress("list").out, "Ready"));
  // The command that is told makes Helm forget it.
  const std::string forget = "kubectl delete secret -n " + ns.name() + " -l owner=helm,name=by-helm";
  CHECK(has(adopted.err, forget));
  REQUIRE(testing::sh(forget).status == 0);
  CHECK(testing::sh("${EGRESS_CURRENT_HELM:-helm} uninstall by-helm -n " + ns.name()).status != 0);
  CHECK_FALSE(ns.object("service httpbin-egress").is_null());
}

}  // namespace egress

TEST_SUITE_END();
