#pragma once

#include <span>
#include <vector>

#include "egress/kube/cluster.hpp"
#include "egress/kube/served_resources.hpp"

namespace egress::kube {

/// Returns the calls that find the versions in which a cluster serves these kinds: one for every group and
/// version of a kind with several versions. They can be sent together with any other calls.
std::vector<Call> discovery_calls(std::span<const Kind> kinds);

/// Reads the answers to those calls. Throws ApiError for any error other than 404.
ServedResources read_discovery(std::span<const Kind> kinds, std::span<const Answer> answers);

}  // namespace egress::kube
