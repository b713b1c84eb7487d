#pragma once

#include <chrono>
#include <string>

#include "egress/fleet/outcome.hpp"
#include "egress/fleet/reporter.hpp"
#include "egress/fleet/rollout_watcher.hpp"
#include "egress/kube/cluster.hpp"
#include "egress/mesh/plan.hpp"

namespace egress::fleet {

/// How a plan is to be written.
struct ApplyOptions {
  bool wait = true;  ///< callers are sent to a gateway only when one of its pods is ready
  std::chrono::milliseconds timeout{std::chrono::minutes(2)};  ///< for that
  bool force = false;                                          ///< take back fields that others manage
  bool rollback = true;                                        ///< undo what fails half-way
  bool created_namespace = false;                              ///< for it, by the same command: it stays
  RolloutWatcher* together = nullptr;                          ///< waits with others, where there are any
};

/// Makes a namespace, or has the server check that it could be made; true where it was not there.
bool create_namespace(kube::Cluster& cluster, const std::string& name, bool dry_run);

/// Adds that the command made this namespace, which it does not delete again.
void add_created_namespace(Outcome& outcome, const std::string& ns);

/// Writes a gateway: first its record, by which this run holds it; then its objects, the callers' route last,
/// when a pod is ready; removes those that it is no longer made of; then settles the record. Throws
/// OperationFailed, which says what it left (reason LockLost where somebody else is at it or takes it over):
/// what fails half-way is undone, to nothing or to what stood before, unless what stood was half-made itself;
/// a wait that takes too long leaves everything but the callers' route. False where, without waiting,
/// something that it is no longer made of was not gone yet: the record goes on naming that.
bool apply(kube::Cluster& cluster, mesh::Plan& plan, const ApplyOptions& applying, const Reporter& reporter);

}  // namespace egress::fleet
