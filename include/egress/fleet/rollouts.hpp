#pragma once

#include <map>
#include <memory>
#include <string>

#include "egress/fleet/reporter.hpp"
#include "egress/kube/cluster.hpp"
#include "egress/mesh/parts.hpp"

namespace egress::fleet {

/// Waits for the pods of many gateways, each in its lane (base/lanes.hpp): of those in one namespace a single
/// watch tells, in a lane beside them. Who may not watch all Deployments there has a watch for each.
class Rollouts {
 public:
  /// The cluster must outlive it.
  explicit Rollouts(kube::Cluster& cluster);
  ~Rollouts();
  Rollouts(const Rollouts&) = delete;
  Rollouts& operator=(const Rollouts&) = delete;

  /// As await_ready().
  std::string await(const mesh::Object& deployment, Deadline deadline, const Reporter& reporter);

 private:
  class Followed;

  kube::Cluster& cluster_;
  std::map<std::string, std::unique_ptr<Followed>> followed_;  ///< by namespace
};

}  // namespace egress::fleet
