#include "egress/mesh/design.hpp"

namespace egress::mesh {

bool is_autoscaled(const Design& design) {
  const Workload& workload = design.egress.workload;
  const Json& cpu = workload.resources["requests"]["cpu"];
  return design.has_metrics_api && workload.max_replicas > workload.min_replicas && !cpu.is_null();
}

Json autoscaler(const Design& design) {
  return object({
      {"spec", object({
                   {"scaleTargetRef", object({
                                          {"apiVersion", "apps/v1"},
                                          {"kind", "Deployment"},
                                          {"name", design.name()},
                                      })},
                   {"minReplicas", design.egress.workload.min_replicas},
                   {"maxReplicas", design.egress.workload.max_replicas},
                   {"metrics", array({object({
                                   {"type", "Resource"},
                                   {"resource", object({
                                                    {"name", "cpu"},
                                                    {"target", object({
                                                                   {"type", "Utilization"},
                                                                   {"averageUtilization", 80},
                                                               })},
                                                })},
                               })})},
               })},
  });
}

/// Always allows the eviction of one pod, because a budget that protects the last pod would block every node
/// drain.
Json disruption_budget(const Design& design) {
  return object({
      {"spec", object({
                   {"maxUnavailable", 1},
                   {"selector", object({{"matchLabels", design.selector()}})},
               })},
  });
}

}  // namespace egress::mesh
