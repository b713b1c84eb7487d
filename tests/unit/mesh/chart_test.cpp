#include "support/object_diff.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "egress/base/file.hpp"
#include "egress/base/text.hpp"
#include "egress/base/yaml.hpp"
#include "egress/mesh/plan.hpp"
#include "support/designs.hpp"
#include "support/skip.hpp"

// The output of Helm for Istio's charts is in EGRESS_SHARED_DIR, outside the project. Without it these tests
// are skipped, and only the golden files check the manifests.

TEST_SUITE_BEGIN("mesh");

namespace egress {
namespace {

using testing::ExpectedDifference;

const std::string shared = EGRESS_SHARED_DIR;

/// The intended differences from every chart, with the section of ISTIO.md that requires them, or the
/// contract.
std::vector<ExpectedDifference> with_common(std::vector<ExpectedDifference> table) {
  const std::vector<ExpectedDifference> common{
      {"+ *.metadata.labels.app.kubernetes.io/*", "the contract: labels of every object"},
      {"+ *.metadata.labels.applyset.kubernetes.io/part-of = *",
       "the contract: member of the record's ApplySet"},
      {"- *.metadata.labels.*", "the chart's own labels; 2: no label that another gateway may have"},
      {"+ *.spec.selector.*kubectl-egress/gateway = httpbin.httpbin",
       "2: one label that no other gateway has"},
      {"- *.spec.selector.*app = *", "2: the same"},
      {"- *.spec.selector.*istio = *", "2: the same"},
      {"+ Deployment.spec.template.metadata.labels.kubectl-egress/gateway = httpbin.httpbin", "2: the same"},
      {"+ Service.metadata.annotations.networking.istio.io/exportTo = *",
       "16: callers must see it in every mesh"},
      {"+ RoleBinding.subjects[httpbin-egress].namespace = httpbin",
       "the API requires it for a ServiceAccount"},
      {"- *.resources.limits.cpu = 2000m", "one quantity in two spellings"},
      {"+ *.resources.limits.cpu = 2", "one quantity in two spellings"},
      {"- *.resources.limits.memory = 1024Mi", "one quantity in two spellings"},
      {"+ *.resources.limits.memory = 1Gi", "one quantity in two spellings"},
  };
  table.insert(table.end(), common.begin(), common.end());
  return table;
}

/// The objects in one value, by kind.
Json objects_by_kind(const std::vector<Json>& objects) {
  Json kinds;
  for (const Json& json : objects)
    if (json.is_object()) kinds.set(json["kind"].as_string(), json);
  return kinds;
}

/// The planned objects of the kinds that the chart has.
Json planned_objects(const mesh::Design& design, const Json& chart) {
  Json kinds;
  for (const mesh::Object& one : mesh::plan(design, kube::ServedResources::newest(mesh::all_kinds())).objects)
    if (chart.has(one.reference.resource.kind.name)) kinds.set(one.reference.resource.kind.name, one.json);
  return kinds;
}

void check_chart(const std::string& file, const mesh::Design& design,
                 const std::vector<ExpectedDifference>& table) {
  if (!file_exists(shared + "/reference/" + file)) {
    return testing::skip("Istio's charts are not beside the checkout");
  }
  const Json chart = objects_by_kind(parse_yaml_documents(read_file(shared + "/reference/" + file)));
  REQUIRE(chart.members().size() >= 6);
  const auto unexpected = testing::unexpected_differences(
      testing::differences(chart, planned_objects(design, chart)), with_common(table));
  CHECK_MESSAGE(unexpected.empty(), join(unexpected, "\n"));
}

}  // namespace

// users.md: 15
TEST_CASE("every difference from Istio 1.7.0's egress chart is intended") {
  mesh::Design design = testing::istio_1_7_design();
  design.mesh.certificate_provider = "kubernetes";
  const std::vector<ExpectedDifference> table{
      {"* ServiceAccount.metadata.name = *", "the contract: every object has the name NAME-egress"},
      {"* Role.metadata.name = *", "the contract: the same"},
      {"* RoleBinding.metadata.name = *", "the contract: the same"},
      {"* RoleBinding.roleRef.name = *", "the contract: the same"},
      {"- RoleBinding.subjects[httpbin-egress-service-account].*", "the contract: the same"},
      {"+ RoleBinding.subjects[httpbin-egress].*", "the contract: the same"},
      {"* Deployment.spec.template.spec.serviceAccountName = *", "the contract: the same"},
      {"* HorizontalPodAutoscaler.apiVersion = *", "15: the version that the cluster serves"},
      {"* PodDisruptionBudget.apiVersion = *", "15: the same"},
      {"- HorizontalPodAutoscaler.spec.metrics[0].resource.targetAverageUtilization = 80",
       "15: v2beta1's spelling"},
      {"+ HorizontalPodAutoscaler.spec.metrics[0].resource.target.averageUtilization = 80",
       "15: v2's spelling"},
      {"+ HorizontalPodAutoscaler.spec.metrics[0].resource.target.type = Utilization", "15: v2's spelling"},
      {"- PodDisruptionBudget.spec.minAvailable = 1", "18.8: it would block every drain of a single pod"},
      {"+ PodDisruptionBudget.spec.maxUnavailable = 1", "18.8: the same"},
      {"- PodDisruptionBudget.spec.selector.matchLabels.*", "18.8: the chart's selector matches no pod"},
      {"- Service.spec.ports[https].*", "0: port 443 only if callers originate TLS"},
      {"- Deployment.*.ports[8443].containerPort = 8443", "0: the same"},
      {"- Service.spec.ports[tls].*", "14: 15443 is for multi-cluster only, and doubles the clusters"},
      {"- Deployment.*.ports[15443].containerPort = 15443", "14: the same"},
      {"- Deployment.*.env[ISTIO_META_ROUTER_MODE].*", "14: the same"},
      {"- Deployment.spec.*.matchLabels.custom-egress = httpbin-egress",
       "2: one label that no other gateway has"},
      {"+ Deployment.spec.template.metadata.labels.app = httpbin-egress",
       "the contract: pods have the label app: NAME-egress"},
      {"- Service.spec.selector.custom-egress = httpbin-egress", "2: the same"},
      {"+ *.protocol = TCP", "the API's default, which server-side apply requires before Kubernetes 1.21"},
      {"+ *.fieldRef.apiVersion = v1", "the API's default"},
  };
  check_chart("istio-1.7.0/egress-chart.rendered.yaml", design, table);
}

// users.md: 15
TEST_CASE("every difference from Istio 1.30.3's gateway chart is intended") {
  const std::vector<ExpectedDifference> table{
      {"- *.metadata.annotations = {}", "an empty map has no effect"},
      {"* Service.spec.ports[http2].targetPort = *",
       "12: no port below 1024 is bound, on any version of Istio"},
      {"- Service.spec.ports[https].*", "0: port 443 only if callers originate TLS"},
      {"- Deployment.spec.template.spec.securityContext.sysctls[*", "12: no sysctl is needed for that"},
      {"+ Deployment.spec.template.metadata.labels.app.kubernetes.io/*",
       "the contract: labels that identify the gateway's pods"},
  };
  check_chart("istio-1.30.3/gateway-chart.rendered.yaml", testing::istio_1_30_design(), table);
}

}  // namespace egress

TEST_SUITE_END();
