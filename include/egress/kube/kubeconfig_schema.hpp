#pragma once

#include <string>
#include <string_view>

#include "egress/base/json.hpp"

namespace egress::kube {

/// Throws Error where a kubeconfig's value has a field of another type than client-go reads there
/// (tools/clientcmd/api/v1/types.go), illegal base64, or a name twice in one list. It tells file, line and
/// what to change, and nothing of the value. `text` is what the value was read from.
void check_kubeconfig_schema(const Json& config, std::string_view text, const std::string& file);

}  // namespace egress::kube
