#pragma once

#include <functional>
#include <optional>
#include <string>

#include "egress/base/error.hpp"
#include "egress/kube/cluster.hpp"
#include "egress/mesh/status.hpp"

namespace egress::fleet {

/// A gateway that changed, and how it stands now: nothing where it is gone.
struct Changed {
  std::string ns;
  std::string name;
  std::optional<mesh::Summary> summary;
};

/// Whom follow_gateways() tells.
struct Followed {
  std::function<void()> begun;                ///< no change can be missed any more
  std::function<void(const Changed&)> see;    ///< something happened to a gateway
  std::function<void(const Error&)> trouble;  ///< what is tried again, or cannot be seen
};

/// Follows the gateways of a namespace, or of all where it is empty, by watching their records and
/// Deployments. Changes within a moment are told as one. Ends only by an interruption, or where this user may
/// watch neither kind.
void follow_gateways(kube::Cluster& cluster, const std::string& ns, const Followed& followed);

}  // namespace egress::fleet
