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
  bool wait = true;  ///< route traffic to the gateway only when one of its pods is ready
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

/// Writes a gateway: first its record, which locks it for this run; then its objects, the callers' route
/// last, once a pod is ready; then deletes obsolete objects; then completes the record. Throws
/// OperationFailed with the objects that remain (reason LockLost if another run has the gateway). A failure
/// half-way is rolled back to the previous state, unless that was the state of an interrupted command. A
/// time-out while waiting for pods leaves everything but the callers' route. Returns false if, without
/// waiting, an obsolete object was not deleted yet; the record still lists it.
bool apply(kube::Cluster& cluster, mesh::Plan& plan, const ApplyOptions& options, const Reporter& reporter);

}  // namespace egress::fleet
