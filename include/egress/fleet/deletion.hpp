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
  bool take_over = true;  ///< take the lock from a run that is creating or changing the gateway
};

/// Deletes every object of a gateway and nothing else: the callers' route first, then the workload, then the
/// rest, and its record last. It touches only objects with the record's label, and deletes each only in the
/// version that it read while it had the lock: a run that takes the lock gives the objects new versions. The
/// record's members must have the versions that the cluster serves. Throws Error with the remaining objects
/// and the reason on a time-out, and LockLost if another run has the gateway. The record stays as long as an
/// object remains. Returns false if, without waiting, an object remained.
/// Members in `seen` were read after the record and are not read again as long as no other run had the lock.
bool delete_gateway(kube::Cluster& cluster, const mesh::Record& record, const DeleteOptions& options,
                    const Reporter& reporter, const MemberMetadataList& seen = {});

/// Does the same, and returns what it left: Result::succeeded, or Result::incomplete if something is not gone
/// yet without waiting. Throws OperationFailed, which says what it left.
Outcome delete_with_outcome(kube::Cluster& cluster, const mesh::Record& record, const DeleteOptions& options,
                            const Reporter& reporter, const MemberMetadataList& seen = {});

/// What became of members that were to go.
struct DeleteResult {
  bool any = false;                     ///< one of them stood
  std::vector<mesh::Reference> left{};  ///< those that, without waiting, were not gone when it was looked
};

/// Deletes the record's members that exist, in the same order; the record itself stays. `confirm` throws if
/// another run has the lock: it is called after each read of the members and before they are deleted. Throws
/// Error as delete_gateway() does.
DeleteResult delete_members(kube::Cluster& cluster, const mesh::Record& record, const DeleteOptions& options,
                            const std::function<void()>& confirm, const Reporter& reporter);

}  // namespace egress::fleet
