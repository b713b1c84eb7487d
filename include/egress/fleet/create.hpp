#pragma once

#include <chrono>

#include "egress/fleet/outcome.hpp"
#include "egress/kube/cluster.hpp"
#include "egress/mesh/plan.hpp"

namespace egress::fleet {

/// Whether callers are sent to a gateway only when one of its pods is ready, and how long to wait for that.
struct Waiting {
  bool wait = true;
  std::chrono::milliseconds timeout{std::chrono::minutes(2)};
};

/// Makes a namespace; true where it was not there.
bool create_namespace(kube::Cluster& cluster, const std::string& name, bool dry_run);

/// Undoes create_namespace.
void remove_namespace(kube::Cluster& cluster, const std::string& name);

/// Writes the record: the server's 409 decides between two people. Throws Error where the name is taken.
void claim(kube::Cluster& cluster, mesh::Plan& plan, const Reporter& reporter);

/// Writes a claimed gateway's objects, the callers' route last, when a pod is ready; then settles the record.
/// A write that fails is undone and then thrown as Error; a wait that takes too long is thrown too, with
/// everything but the callers' route left standing.
void create(kube::Cluster& cluster, mesh::Plan& plan, const Waiting& waiting, const Reporter& reporter);

}  // namespace egress::fleet
