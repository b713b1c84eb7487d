#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "egress/fleet/live_member.hpp"
#include "egress/fleet/reporter.hpp"
#include "egress/kube/cluster.hpp"

namespace egress::fleet {

/// Waits until objects, and the objects derived from them, are deleted. An object counts as deleted if
/// another one with its name exists, or if it was removed from the gateway's set. A Deployment that is
/// waiting for its pods is reported with them.
class DeletionWait {
 public:
  /// Cluster and reporter must outlive it.
  DeletionWait(kube::Cluster& cluster, const Reporter& reporter, std::vector<LiveMember> members)
      : cluster_(cluster), reporter_(reporter), left_(std::move(members)) {}

  /// Looks at all of them once. Who may not look at an object cannot wait for it; any other answer that is no
  /// object says nothing of it, and it counts as standing.
  void look();

  /// Waits until all are gone. Throws Error, which names what is left and by what it is held, when it is
  /// time.
  void await(Deadline deadline);

  /// Those that were not gone when last looked at, in the version that was seen.
  const std::vector<LiveMember>& left() const { return left_; }

 private:
  /// An object that stood when last looked at.
  struct Held {
    mesh::Reference reference;
    std::string uid;  ///< empty for derived objects
    std::string finalizers;
    std::string pods;  ///< the selector of those that it waits for; empty where it waits for none
  };

  bool stays(LiveMember& one, std::span<const kube::Answer> answers);
  bool stays(const mesh::Reference& reference, const std::string& uid, const kube::Answer& answer);
  bool follow(const Held& held, Deadline deadline);
  std::string time_out() const;
  std::string pods_left(const Held& held) const;

  kube::Cluster& cluster_;
  const Reporter& reporter_;
  std::vector<LiveMember> left_;
  std::vector<Held> held_;
};

}  // namespace egress::fleet
