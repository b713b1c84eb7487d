#include "egress/mesh/pod.hpp"

namespace egress::mesh {
namespace {

Json proxy_container() {
  Json security = proxy_security_context();
  security.set("runAsNonRoot", true);
  return object({
      {"name", "istio-proxy"},  // the injector completes the container of this name
      {"image", "auto"},
      {"ports", array({metrics_port()})},
      {"securityContext", std::move(security)},
      {"resources", proxy_resources()},
  });
}

Json labels(const Design& design) {
  Json labels = pod_labels(design);
  labels.set("sidecar.istio.io/inject", "true");
  labels.set("istio.io/dataplane-mode", "none");
  if (!design.pod_revision.empty()) labels.set("istio.io/rev", design.pod_revision);
  return labels;
}

Json annotations() {
  return object({
      {"inject.istio.io/templates", "gateway"},
      {"prometheus.io/path", "/stats/prometheus"},
      {"prometheus.io/port", "15020"},
      {"prometheus.io/scrape", "true"},
      {"sidecar.istio.io/inject", "true"},
  });
}

}  // namespace

Json injected_deployment(const Design& design) {
  return object({
      {"spec", object({
                   {"selector", object({{"matchLabels", design.selector()}})},
                   {"template", object({
                                    {"metadata", object({
                                                     {"labels", labels(design)},
                                                     {"annotations", annotations()},
                                                 })},
                                    {"spec", object({
                                                 {"serviceAccountName", design.name()},
                                                 {"terminationGracePeriodSeconds", 30},
                                                 {"containers", array({proxy_container()})},
                                             })},
                                })},
               })},
  });
}

}  // namespace egress::mesh
