#pragma once

#include "egress/mesh/design.hpp"

namespace egress::mesh {

// What the pods of both workload profiles have in common.

/// The labels by which Service, Gateway and policies find the pods, and those that say whose they are.
Json pod_labels(const Design& design);
Json proxy_resources();
/// No privilege, no write to the image's own files.
Json proxy_security_context();
/// Where Prometheus reads Envoy's figures.
Json metrics_port();

}  // namespace egress::mesh
