#include <doctest/doctest.h>

#include "egress/base/text.hpp"
#include "support/mentions.hpp"
#include "support/shell.hpp"
#include "support/skip.hpp"

TEST_SUITE_BEGIN("e2e");

namespace egress {
namespace {

using testing::CommandResult;
using testing::mentions;
using testing::TestNamespace;

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

CommandResult apply(const TestNamespace& ns, const std::string& objects, const std::string& flags = "") {
  const CommandResult result = ns.kubectl("apply " + flags + " -f - <<X\n" + objects + "X\n");
  REQUIRE_MESSAGE(result.status == 0, result.err);
  return result;
}

/// The first line that names this object; empty where none does.
std::string line_naming(const std::string& text, const std::string& object) {
  for (const std::string& line : split(text, '\n'))
    if (mentions(line, {object})) return line;
  return {};
}

}  // namespace

TEST_CASE("a foreign object is adopted only if --adopt names it") {
  const TestNamespace ns;
  REQUIRE(ns.kubectl("create serviceaccount httpbin-egress").status == 0);
  const CommandResult refused = ns.egress("create httpbin --host $ns.example.org");
  CHECK(refused.status == 1);
  CHECK(contains(refused.err, "--adopt serviceaccount/httpbin-egress"));
  const CommandResult adopted = ns.egress("create httpbin --host $ns.example.org --adopt sa/httpbin-egress");
  REQUIRE_MESSAGE(adopted.status == 0, adopted.err);
  CHECK(mentions(line_naming(adopted.err, "serviceaccount/httpbin-egress"), {ns.name(), "taking over"}));
  // Its creator owned none of the fields that are written now, so no manager is replaced.
  CHECK_FALSE(mentions(line_naming(adopted.err, "serviceaccount/httpbin-egress"), {"from"}));
  CHECK(ns.egress("delete httpbin --drain 0s").status == 0);
  CHECK(ns.object("serviceaccount httpbin-egress").is_null());
}

TEST_CASE("an object made by kubectl apply is adopted, and the manager that loses fields is reported") {
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
  const CommandResult adopted =
      ns.egress(create + " --adopt virtualservice/httpbin-egress --adopt svc/httpbin-egress");
  REQUIRE_MESSAGE(adopted.status == 0, adopted.err);
  CAPTURE(adopted.err);
  const std::string route = line_naming(adopted.err, "virtualservice.networking.istio.io/httpbin-egress");
  CHECK(mentions(route, {ns.name(), "taking over", "kubectl-client-side-apply", ".spec.http"}));
  // The same by both: it is shared.
  CHECK_FALSE(contains(route, ".spec.gateways"));
  const std::string service = line_naming(adopted.err, "service/httpbin-egress");
  CHECK(mentions(service, {ns.name(), "taking over", "kubectl-client-side-apply", ".spec.type"}));

  CHECK(ns.object("service httpbin-egress")["spec"]["type"].as_string() == "ClusterIP");
  CHECK_FALSE(ns.object("service httpbin-egress")["spec"]["selector"].has("app"));
  CHECK(contains(ns.object("virtualservice httpbin-egress")["spec"]["http"].dump(),
                 "httpbin-egress." + ns.name() + ".svc.cluster.local"));
  CHECK(contains(ns.egress("list").out, "Ready"));
  CHECK(ns.egress("diff httpbin").status == 0);
}

TEST_CASE(
    "an object made by Helm is adopted with a warning that Helm would delete it, and an immutable one with "
    "instructions") {
  const TestNamespace ns;
  const CommandResult installed = testing::sh(R"(set -e
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
  const CommandResult refused = ns.egress(create);
  CHECK(refused.status == 1);
  CHECK_MESSAGE(contains(refused.err, "immutable"), refused.err);
  CHECK(mentions(refused.err, {"kubectl delete deployment.apps/httpbin-egress -n " + ns.name()}));
  REQUIRE(ns.kubectl("delete deployment httpbin-egress").status == 0);

  const CommandResult adopted =
      ns.egress("create httpbin --host $ns.example.org --adopt service/httpbin-egress");
  REQUIRE_MESSAGE(adopted.status == 0, adopted.err);
  CHECK(
      mentions(line_naming(adopted.err, "service/httpbin-egress"), {ns.name(), "taking over", "from helm"}));
  const std::string uninstall = "helm uninstall by-helm -n " + ns.name();
  CHECK(mentions(adopted.err, {"Helm", "by-helm", uninstall}));
  CHECK(contains(ns.egress("list").out, "Ready"));
  // The printed command makes Helm forget it.
  const std::string delete_release = "kubectl delete secret -n " + ns.name() + " -l owner=helm,name=by-helm";
  CHECK(contains(adopted.err, delete_release));
  REQUIRE(testing::sh(delete_release).status == 0);
  CHECK(testing::sh("${EGRESS_CURRENT_HELM:-helm} uninstall by-helm -n " + ns.name()).status != 0);
  CHECK_FALSE(ns.object("service httpbin-egress").is_null());
}

}  // namespace egress

TEST_SUITE_END();
