#pragma once

#include <functional>
#include <vector>

#include "egress/fleet/reporter.hpp"
#include "egress/kube/cluster.hpp"
#include "egress/mesh/plan.hpp"

namespace egress::fleet {

/// Rolls back everything that a plan may have written, for the run that has the lock: a new gateway is
/// deleted with its record, except for objects that were taken over; an existing one gets its previous
/// objects back, with `forced` if fields of others were overwritten. It does not matter whether the writes
/// were answered. Returns the objects that others created in place of the gateway's; they are not changed.
/// Throws Error with the objects that could not be rolled back, and LockLost if another run took the lock.
std::vector<mesh::Reference> roll_back(kube::Cluster& cluster, mesh::Plan& plan, bool forced,
                                       const Reporter& reporter);

/// Makes what a plan adopted what it was before, where it bears the gateway's label by now. `confirm` throws
/// where that is not this run's to do. Throws Error that says what could not be given back.
void restore_adopted(kube::Cluster& cluster, const mesh::Plan& plan, const std::function<void()>& confirm,
                     const Reporter& reporter);

}  // namespace egress::fleet
