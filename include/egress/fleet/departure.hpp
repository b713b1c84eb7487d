#pragma once

#include <string>
#include <vector>

#include "egress/fleet/member.hpp"
#include "egress/fleet/outcome.hpp"
#include "egress/kube/cluster.hpp"

namespace egress::fleet {

/// Objects that were asked to go, and the wait until they are gone. One is gone when another of its name
/// stands, too.
class Departure {
 public:
  /// Cluster and reporter must outlive it.
  Departure(kube::Cluster& cluster, const Reporter& reporter, const std::vector<Member>& members);
  /// With what the server takes away after each of them, too.
  static Departure with_derived(kube::Cluster& cluster, const Reporter& reporter,
                                const std::vector<Member>& members);

  /// Looks at all of them once. Who may not look at an object cannot wait for it; any other answer that is no
  /// object says nothing of it, and it counts as standing.
  void look();

  /// Waits until all are gone. Throws Error, which names what is left and by what it is held, when it is
  /// time.
  void await(Deadline deadline);

  /// Nothing was left when they were last looked at.
  bool done() const { return left_.empty(); }
  /// Those that stood then, each in the version in which it was seen.
  std::vector<Member> left() const;

 private:
  struct Leaving {
    Member member;
    Json seen;  ///< how it stood when last looked at
  };

  bool follow(const Member& member, Deadline deadline);
  std::string time_out() const;

  kube::Cluster& cluster_;
  const Reporter& reporter_;
  std::vector<Leaving> left_;
};

}  // namespace egress::fleet
