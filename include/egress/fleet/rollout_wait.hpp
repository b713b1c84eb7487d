#pragma once

#include <string>

#include "egress/fleet/reporter.hpp"
#include "egress/kube/cluster.hpp"

namespace egress::fleet {

/// Follows a Deployment, as it was written or found, by watch until one of its newest pods is ready. Empty
/// then; at the deadline a sentence that says what is not ready, and why where a pod tells.
std::string wait_for_rollout(kube::Cluster& cluster, const mesh::Object& deployment, Deadline deadline,
                             const Reporter& reporter);

}  // namespace egress::fleet
