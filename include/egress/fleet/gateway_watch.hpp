#pragma once

#include <functional>
#include <string>
#include <vector>

#include "egress/base/error.hpp"
#include "egress/kube/cluster.hpp"
#include "egress/mesh/status.hpp"

namespace egress::fleet {

/// What happened to a gateway.
struct GatewayChange {
  enum class Kind { added, modified, deleted };
  Kind kind = Kind::added;
  mesh::Summary summary;  ///< of a deleted one as it was last told, in the phase "Deleted"
};

/// Which gateways are followed, and who is told.
struct WatchHandlers {
  std::string ns;  ///< empty: those of every namespace
  /// One that is wanted no more is told as deleted.
  std::function<bool(const mesh::Record&)> is_wanted = [](auto&) { return true; };
  /// Once, before anything else: all that stand, by namespace and name.
  std::function<void(std::vector<mesh::Summary>)> standing = [](auto) {};
  std::function<void(const GatewayChange&)> changed = [](auto&) {};
  /// What is tried again, or cannot be seen.
  std::function<void(const Error&)> trouble = [](auto&) {};
};

/// Follows gateways by watching their records and every kind of object that they are made of; what happens
/// within a moment is told as one, and what changes nothing that is shown is not told. What a gateway has in
/// other namespaces than the one that is followed is looked at whenever anything else of it changes. Ends by
/// an interruption, or by an Error: whatever `standing` or `changed` throw, or ApiError where the records may
/// not be followed, or not any more. Keeps in memory what it follows.
void watch_gateways(kube::Cluster& cluster, const WatchHandlers& following);

}  // namespace egress::fleet
