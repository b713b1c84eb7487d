#pragma once

#include "egress/mesh/design.hpp"

namespace egress::mesh {

// The parts that injected and classic Deployments have in common.

/// The label with which Service, Gateway and policies select the pods, the labels that identify the gateway,
/// and the user's own.
Json pod_labels(const Design& design);
/// True if the user sets the hub or the tag of the proxy image.
bool has_own_image(const Workload& workload);
/// "HUB/NAME:TAG" with the user's hub and tag, or else those of the mesh.
std::string proxy_image(const Design& design);
/// No privileges and a read-only root file system.
Json proxy_security_context();
/// The container port of Envoy's metrics for Prometheus.
Json metrics_port();
/// Restarts the proxy if the external service is unreachable for a long time; null without spec.probe.
Json liveness_probe(const Egress& egress);
/// Adds the user's scheduling settings and the container and volume of Open Policy Agent to a pod's spec.
void complete_pod(Json& spec, const Design& design);
/// A Deployment with that pod template. It sets the number of replicas only without an autoscaler.
Json build_deployment(const Design& design, Json strategy, Json labels, Json annotations, Json pod);

}  // namespace egress::mesh
