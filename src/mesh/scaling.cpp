#include "egress/mesh/design.hpp"

namespace egress::mesh {

Json autoscaler(const Design& design) {
  return object({
      {"spec", object({
                   {"scaleTargetRef", object({
                                          {"apiVersion", "apps/v1"},
                                          {"kind", "Deployment"},
                                          {"name", design.name()},
                                      })},
                   {"minReplicas", design.egress.min_replicas},
                   {"maxReplicas", design.egress.max_replicas},
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

/// One pod may always be evicted: a budget that keeps the last one would stop every node drain.
Json disruption_budget(const Design& design) {
  return object({
      {"spec", object({
                   {"maxUnavailable", 1},
                   {"selector", object({{"matchLabels", design.selector()}})},
               })},
  });
}

}  // namespace egress::mesh
