#pragma once

#include <string_view>

namespace egress::kube {

/// The field manager of every write of this tool.
inline constexpr std::string_view field_manager = "kubectl-egress";

}  // namespace egress::kube
