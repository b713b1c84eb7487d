#pragma once

#include <chrono>
#include <functional>
#include <vector>

#include "egress/fleet/live_member.hpp"
#include "egress/fleet/outcome.hpp"
#include "egress/fleet/reporter.hpp"
#include "egress/kube/cluster.hpp"
#include "egress/mesh/record.hpp"

namespace egress::fleet {

/// How a deletion goes on.
struct DeleteOptions {
  bool wait = true;
  bool dry_run = false;
  std::chrono::milliseconds timeout{std::chrono::minutes(2)};
  /// How long the workload stays after the callers' route: proxies hear of its end a moment later (istiod
  /// collects changes for up to PILOT_DEBOUNCE_MAX, 10 s; istio pilot/pkg/features/tuning.go, 1.30.3), and
  /// answer what they have begun.
  std::chrono::milliseconds drain{0};
  bool take_over = true;  ///< from whoever is making or changing the gateway at this moment
};

/// Deletes every object of a gateway and nothing else: the callers' route first, then the workload, then the
/// rest, its record last. Only objects that bear the record's label are touched, and each only as it was last
/// seen while the gateway was this run's to delete: whoever takes it over gives its objects other versions.
/// The record's members must have the versions that the cluster serves. Throws Error, naming what is left and
/// why, where that takes too long, and LockLost where somebody else has the gateway. The record stays as long
/// as anything is left: false where, without waiting, something was.
/// Members that were seen after the record was read need not be looked at again, as long as nobody else had
/// the gateway meanwhile.
bool delete_gateway(kube::Cluster& cluster, const mesh::Record& record, const DeleteOptions& removing,
                    const Reporter& reporter, const MemberMetadataList& seen = {});

/// Does the same, and returns what it left: Result::succeeded, or Result::incomplete if something is not gone
/// yet without waiting. Throws OperationFailed, which says what it left.
Outcome delete_with_outcome(kube::Cluster& cluster, const mesh::Record& record, const DeleteOptions& removing,
                            const Reporter& reporter, const MemberMetadataList& seen = {});

/// What became of members that were to go.
struct DeleteResult {
  bool any = false;                     ///< one of them stood
  std::vector<mesh::Reference> left{};  ///< those that, without waiting, were not gone when it was looked
};

/// Deletes those of the record's members that stand, in the same order; the gateway's record stays. `confirm`
/// throws where the gateway is another run's by now: it is called after each look at them and before what was
/// seen is deleted. Throws Error as delete_gateway() does.
DeleteResult delete_members(kube::Cluster& cluster, const mesh::Record& record, const DeleteOptions& removing,
                            const std::function<void()>& confirm, const Reporter& reporter);

}  // namespace egress::fleet
