#pragma once

#include <string>

namespace egress::cli {

/// Adds the flag of `create` to each field in a message that has one: "spec.mesh.allow" becomes
/// "spec.mesh.allow (--allow)". Does not change quoted fields, fields of Kubernetes objects
/// (".spec.selector") and arguments of `kubectl egress explain`.
std::string with_flags(const std::string& text);

}  // namespace egress::cli
