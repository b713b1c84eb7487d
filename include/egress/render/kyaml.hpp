#pragma once

#include <string>

#include "egress/base/json.hpp"

namespace egress::render {

/// A value as `kubectl -o kyaml` prints it (sigs.k8s.io/yaml/kyaml, kubectl 1.36): YAML in braces, with
/// double quotes around strings, and unquoted keys if every YAML parser reads them as strings. `indent` is
/// the indentation of the first line; there is no newline at the end. Non-ASCII keys are quoted; kubectl does
/// not quote those that consist of letters.
std::string to_kyaml(const Json& value, std::size_t indent = 0);

}  // namespace egress::render
