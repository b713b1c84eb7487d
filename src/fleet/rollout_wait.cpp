#include "egress/fleet/rollout_wait.hpp"

#include "egress/fleet/rollout_status.hpp"
#include "egress/kube/watch.hpp"

namespace egress::fleet {

std::string wait_for_rollout(kube::Cluster& cluster, const mesh::Object& deployment, Deadline deadline,
                             const Reporter& reporter) {
  const mesh::Reference& reference = deployment.reference;
  RolloutStatus rollout(deployment, reporter);
  kube::Watch watch(cluster, reference.resource, reference.ns, reference.name,
                    [&](const Error& error) { rollout.report(error.what()); });
  if (deployment.created) watch.start_at(deployment.last_seen);
  watch.follow(deadline, [&](const kube::Change& change) {
    rollout.take(change);
    return !rollout.over();
  });
  return rollout.ready() ? "" : rollout.fault(cluster);
}

}  // namespace egress::fleet
