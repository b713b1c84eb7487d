#pragma once

#include <functional>
#include <vector>

#include "egress/fleet/reporter.hpp"
#include "egress/kube/cluster.hpp"
#include "egress/mesh/plan.hpp"

namespace egress::fleet {

/// Takes back everything that a plan may have written whose gateway this run holds: a new gateway goes whole,
/// record and all, but for what was adopted; one that stood gets back what stood of it, `forced` where fields
/// of others were taken. Whether a write was answered does not matter. Answers the objects that somebody else
/// has made in the place of the gateway's: they are left alone. Throws Error that says what could not be
/// taken back, and LockLost where somebody else took the gateway.
std::vector<mesh::Reference> roll_back(kube::Cluster& cluster, mesh::Plan& plan, bool forced,
                                       const Reporter& reporter);

/// Makes what a plan adopted what it was before, where it bears the gateway's label by now. `confirm` throws
/// where that is not this run's to do. Throws Error that says what could not be given back.
void restore_adopted(kube::Cluster& cluster, const mesh::Plan& plan, const std::function<void()>& confirm,
                     const Reporter& reporter);

}  // namespace egress::fleet
