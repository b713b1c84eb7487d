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

/// Which gateways are watched, and the callbacks.
struct WatchHandlers {
  std::string ns;  ///< empty: those of every namespace
  /// A gateway that is no longer selected is reported as deleted.
  std::function<bool(const mesh::Record&)> is_selected = [](auto&) { return true; };
  /// Called once, first: all gateways that exist, by namespace and name.
  std::function<void(std::vector<mesh::Summary>)> on_listed = [](auto) {};
  std::function<void(const GatewayChange&)> changed = [](auto&) {};
  /// What is tried again, or cannot be seen.
  std::function<void(const Error&)> on_error = [](auto&) {};
};

/// Watches gateways: their records and every kind of object that they have. Changes within a moment are
/// reported together, and changes that do not affect the output are not reported. The objects of a gateway in
/// other namespaces are read whenever another object of it changes. Ends by an interruption or by an Error:
/// one that a callback throws, or ApiError if the records may not be watched (any more). Keeps the watched
/// objects in memory.
void watch_gateways(kube::Cluster& cluster, const WatchHandlers& handlers);

}  // namespace egress::fleet
