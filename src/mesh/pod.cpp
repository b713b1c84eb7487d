#include "egress/mesh/pod.hpp"

#include "egress/mesh/callers_port.hpp"
#include "egress/mesh/opa.hpp"

namespace egress::mesh {
namespace {

/// Five minutes with the default period: a short outage of the service is no reason to restart the proxy.
constexpr int probe_failure_threshold = 30;
constexpr int probe_timeout_seconds = 5;

/// Nodes of the requested architectures.
Json arch_affinity(const std::vector<std::string>& arch) {
  const Json allowed = array({object({
      {"key", "kubernetes.io/arch"},
      {"operator", "In"},
      {"values", array(arch)},
  })});
  const Json terms = object({{"nodeSelectorTerms", array({object({{"matchExpressions", allowed}})})}});
  return object({{"nodeAffinity", object({{"requiredDuringSchedulingIgnoredDuringExecution", terms}})}});
}

}  // namespace

Json pod_labels(const Design& design) {
  Json labels = design.selector();
  labels.set("app", design.name());
  labels.set(managed_by_label, managed_by);
  labels.set(instance_label, design.egress.name);
  labels.set(component_label, component);
  for (const auto& [key, value] : design.egress.workload.labels.members()) labels.set(key, value);
  return labels;
}

bool has_own_image(const Workload& workload) {
  return !workload.hub.empty() || !workload.tag.empty();
}

std::string proxy_image(const Design& design) {
  const Workload& workload = design.egress.workload;
  const Mesh& mesh = design.mesh;
  const std::string name = mesh.proxy_image.find('/') == std::string::npos ? mesh.proxy_image : "proxyv2";
  return (workload.hub.empty() ? mesh.hub : workload.hub) + "/" + name + ":" +
         (workload.tag.empty() ? mesh.tag : workload.tag);
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

/// Runs curl in the pod, which the image must have. The request to the listener on loopback takes the whole
/// path to the service, including TLS, and needs no caller's certificate.
Json liveness_probe(const Egress& egress) {
  if (!egress.probe) return {};
  const std::string address = "http://127.0.0.1:" + std::to_string(probe_port);
  return object({
      {"exec", object({{"command", array({
                                       "curl",
                                       "--silent",
                                       "--show-error",
                                       "--fail",
                                       "--output",
                                       "/dev/null",
                                       "--max-time",
                                       std::to_string(probe_timeout_seconds),
                                       "--header",
                                       "Host: " + egress.upstream_host(egress.host()),
                                       address + egress.probe->path,
                                   })}})},
      {"failureThreshold", probe_failure_threshold},
      {"initialDelaySeconds", 30},
      {"periodSeconds", egress.probe->period_seconds},
      // Equals the server's default, but must be owned by this tool: server-side apply does not remove fields
      // of a probe that no manager owns.
      {"successThreshold", 1},
      {"timeoutSeconds", probe_timeout_seconds + 1},
  });
}

void complete_pod(Json& spec, const Design& design) {
  const Workload& workload = design.egress.workload;
  if (!workload.arch.empty()) spec.set("affinity", arch_affinity(workload.arch));
  spec.set("nodeSelector", workload.node_selector);
  if (!workload.tolerations.is_null()) spec.set("tolerations", workload.tolerations);
  spec.set("topologySpreadConstraints", workload.topology_spread);
  if (!design.egress.opa) return;
  spec.edit("containers").push(opa_container(design));
  spec.edit("volumes").push(opa_volume(design));
}

Json build_deployment(const Design& design, Json strategy, Json labels, Json annotations, Json pod) {
  complete_pod(pod, design);
  for (const auto& [key, value] : design.egress.workload.annotations.members()) annotations.set(key, value);
  const Json metadata = object({{"labels", std::move(labels)}, {"annotations", std::move(annotations)}});
  return object(
      {{"spec", object({
                    {"replicas", is_autoscaled(design) ? Json() : design.egress.workload.min_replicas},
                    {"selector", object({{"matchLabels", design.selector()}})},
                    {"strategy", std::move(strategy)},
                    {"template", object({{"metadata", metadata}, {"spec", std::move(pod)}})},
                })}});
}

}  // namespace egress::mesh
