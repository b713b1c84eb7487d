#pragma once

#include <string>
#include <string_view>

#include "egress/base/json.hpp"

namespace egress::kube {

/// Throws Error if a field of a kubeconfig has another type than in client-go
/// (tools/clientcmd/api/v1/types.go), if base64 is invalid, or if a list has a name twice. The error has the
/// file, the line and a correction, but not the value. `text` is the source of `config`.
void check_kubeconfig_schema(const Json& config, std::string_view text, const std::string& file);

}  // namespace egress::kube
