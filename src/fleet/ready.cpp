#include "egress/fleet/ready.hpp"

#include "egress/fleet/rollout.hpp"
#include "egress/kube/watch.hpp"

namespace egress::fleet {

std::string await_ready(kube::Cluster& cluster, const mesh::Object& deployment, Deadline deadline,
                        const Reporter& reporter) {
  const mesh::Reference& reference = deployment.reference;
  Rollout rollout(deployment, reporter);
  kube::Watch watch(cluster, reference.resource, reference.ns, reference.name,
                    [&](const Error& error) { rollout.report(error.what()); });
  if (deployment.made) watch.start_at(deployment.seen);
  watch.follow(deadline, [&](const kube::Change& change) {
    rollout.take(change);
    return !rollout.over();
  });
  return rollout.ready() ? "" : rollout.fault(cluster);
}

}  // namespace egress::fleet
