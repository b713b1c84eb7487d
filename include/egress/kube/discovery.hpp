#pragma once

#include <span>
#include <vector>

#include "egress/kube/cluster.hpp"
#include "egress/kube/served_resources.hpp"

namespace egress::kube {

/// The calls that find out which versions of the kinds a cluster serves: one for every group and version that
/// a kind of several versions may stand in. They fit into any wave.
std::vector<Call> discovery_calls(std::span<const Kind> kinds);

/// Reads the answers to those calls. Throws an ApiError other than 404.
ServedResources read_discovery(std::span<const Kind> kinds, std::span<const Answer> answers);

}  // namespace egress::kube
