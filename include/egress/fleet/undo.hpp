#pragma once

#include "egress/fleet/outcome.hpp"
#include "egress/kube/cluster.hpp"
#include "egress/mesh/plan.hpp"

namespace egress::fleet {

/// Takes back everything that a plan may have written whose gateway this run holds: a new gateway goes whole,
/// record and all; one that stood gets back what stood of it. Whether a write was answered does not matter.
/// Throws Error that says what could not be taken back, and HoldLost where somebody else took the gateway.
void undo(kube::Cluster& cluster, mesh::Plan& plan, const Reporter& reporter);

}  // namespace egress::fleet
