#include "egress/mesh/pod.hpp"

namespace egress::mesh {
namespace {

/// The injector replaces "auto" with the mesh's image and keeps any other (pkg/kube/inject/webhook.go,
/// reapplyOverwrittenContainers, 1.10.0 to 1.30.3). The annotation sidecar.istio.io/proxyImage has this
/// effect only since 1.23.
std::string image(const Design& design) {
  return has_own_image(design.egress.workload) ? proxy_image(design) : "auto";
}

Json proxy_container(const Design& design) {
  Json security = proxy_security_context();
  security.set("runAsNonRoot", true);
  return object({
      {"name", "istio-proxy"},  // the injector completes the container of this name
      {"image", image(design)},
      {"ports", array({metrics_port()})},
      {"securityContext", std::move(security)},
      {"resources", design.egress.workload.resources},
      {"livenessProbe", liveness_probe(design.egress)},
  });
}

Json labels(const Design& design) {
  Json labels = pod_labels(design);
  labels.set("sidecar.istio.io/inject", "true");
  labels.set("istio.io/dataplane-mode", "none");
  if (!design.pod_revision.empty()) labels.set("istio.io/rev", design.pod_revision);
  return labels;
}

/// The injector reads the proxy's log level from these (gateway-injection-template.yaml, 1.10.0 to 1.30.3).
Json annotations(const Workload& workload) {
  return object({
      {"inject.istio.io/templates", "gateway"},
      {"prometheus.io/path", "/stats/prometheus"},
      {"prometheus.io/port", "15020"},
      {"prometheus.io/scrape", "true"},
      {"sidecar.istio.io/inject", "true"},
      {"sidecar.istio.io/logLevel", workload.log_level.empty() ? Json() : Json(workload.log_level)},
  });
}

}  // namespace

Json injected_deployment(const Design& design) {
  return build_deployment(design, {}, labels(design), annotations(design.egress.workload),
                          object({
                              {"serviceAccountName", design.name()},
                              {"terminationGracePeriodSeconds", 30},
                              {"containers", array({proxy_container(design)})},
                          }));
}

}  // namespace egress::mesh
