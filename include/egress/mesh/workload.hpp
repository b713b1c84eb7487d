#pragma once

#include "egress/mesh/egress.hpp"
#include "egress/mesh/field_errors.hpp"

namespace egress::mesh {

/// Adds an error for each invalid setting of the pods: replicas, image, architectures, and labels and
/// annotations that are reserved for Istio and this tool.
void check_workload(const Workload& workload, FieldErrors& errors);

}  // namespace egress::mesh
