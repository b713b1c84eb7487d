#pragma once

#include <chrono>
#include <string>

#include "egress/fleet/outcome.hpp"
#include "egress/kube/cluster.hpp"
#include "egress/mesh/plan.hpp"

namespace egress::fleet {

/// Whether callers are sent to a gateway only when one of its pods is ready, and how long to wait for that.
struct Waiting {
  bool wait = true;
  std::chrono::milliseconds timeout{std::chrono::minutes(2)};
};

/// Makes a namespace, or has the server check that it could be made; true where it was not there.
bool create_namespace(kube::Cluster& cluster, const std::string& name, bool dry_run);

/// Writes the record of a new gateway, or takes over the one that was begun: the server's 409 decides between
/// two people. Throws Error where somebody else is at it.
void claim(kube::Cluster& cluster, mesh::Plan& plan, const Reporter& reporter);

/// Writes a claimed gateway's objects, the callers' route last, when a pod is ready; then settles the record.
/// Throws Error that says what stands: what the server refuses is undone, unless the gateway was begun
/// before; a wait that takes too long leaves everything but the callers' route.
void create(kube::Cluster& cluster, mesh::Plan& plan, const Waiting& waiting, const Reporter& reporter);

}  // namespace egress::fleet
