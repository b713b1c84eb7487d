#pragma once

#include <map>
#include <memory>
#include <string>

#include "egress/fleet/reporter.hpp"
#include "egress/kube/cluster.hpp"
#include "egress/mesh/parts.hpp"

namespace egress::fleet {

/// Waits for the pods of many gateways, each in its lane (base/tasks.hpp): of those in one namespace a single
/// watch tells, in a lane beside them. Who may not watch all Deployments there has a watch for each.
class RolloutWatcher {
 public:
  /// The cluster must outlive it.
  explicit RolloutWatcher(kube::Cluster& cluster);
  ~RolloutWatcher();
  RolloutWatcher(const RolloutWatcher&) = delete;
  RolloutWatcher& operator=(const RolloutWatcher&) = delete;

  /// As wait_for_rollout().
  std::string await(const mesh::Object& deployment, Deadline deadline, const Reporter& reporter);

 private:
  class Followed;

  kube::Cluster& cluster_;
  std::map<std::string, std::unique_ptr<Followed>> followed_;  ///< by namespace
};

}  // namespace egress::fleet
