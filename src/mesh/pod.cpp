#include "egress/mesh/pod.hpp"

namespace egress::mesh {

Json pod_labels(const Design& design) {
  Json labels = design.selector();
  labels.set("app", design.name());
  labels.set(managed_by_label, managed_by);
  labels.set(instance_label, design.egress.name);
  labels.set(component_label, component);
  return labels;
}

Json proxy_resources() {
  return object({
      {"requests", object({
                       {"cpu", "100m"},
                       {"memory", "128Mi"},
                   })},
      {"limits", object({
                     {"cpu", "2"},
                     {"memory", "1Gi"},
                 })},
  });
}

Json proxy_security_context() {
  return object({
      {"allowPrivilegeEscalation", false},
      {"capabilities", object({{"drop", array({"ALL"})}})},
      {"privileged", false},
      {"readOnlyRootFilesystem", true},
  });
}

Json metrics_port() {
  return object({
      {"name", "http-envoy-prom"},
      {"containerPort", 15090},
      {"protocol", "TCP"},
  });
}

}  // namespace egress::mesh
