#pragma once

#include "egress/mesh/design.hpp"

namespace egress::mesh {

// What the pods of both workload profiles have in common.

/// The labels by which Service, Gateway and policies find the pods, those that say whose they are, and the
/// user's own.
Json pod_labels(const Design& design);
/// True where the user names the proxy's image, or a part of it.
bool has_own_image(const Workload& workload);
/// "HUB/NAME:TAG" of what the user names, and the mesh for the rest.
std::string proxy_image(const Design& design);
/// No privilege, no write to the image's own files.
Json proxy_security_context();
/// Where Prometheus reads Envoy's figures.
Json metrics_port();
/// Restarts the proxy when the external service has not answered for long; null where nobody asked for it.
Json liveness_probe(const Egress& egress);
/// What the user says of where the pods may run, and the containers and volumes beside the proxy's own, put
/// into a pod's spec.
void complete_pod(Json& spec, const Design& design);
/// A Deployment of that pod template: the number of pods is written only where no autoscaler sees to it.
Json build_deployment(const Design& design, Json strategy, Json labels, Json annotations, Json pod);

}  // namespace egress::mesh
