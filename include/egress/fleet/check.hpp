#pragma once

#include "egress/kube/cluster.hpp"
#include "egress/mesh/plan.hpp"

namespace egress::fleet {

/// Has the server check every object of a plan, its record too, and store nothing. Throws Error with
/// everything that it refuses and every name that is taken by an object which kubectl egress did not make,
/// together.
void check_new(kube::Cluster& cluster, const mesh::Plan& plan);

/// The same for a plan that was begun: its objects may stand, if they bear its record's label; their versions
/// are put into the plan.
void check_begun(kube::Cluster& cluster, mesh::Plan& plan);

}  // namespace egress::fleet
