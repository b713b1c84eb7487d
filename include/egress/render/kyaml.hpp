#pragma once

#include <string>

#include "egress/base/json.hpp"

namespace egress::render {

/// A value as `kubectl -o kyaml` prints it (sigs.k8s.io/yaml/kyaml, kubectl 1.36), which is YAML in braces:
/// texts in double quotes, keys bare where no reader of YAML takes them for anything else. `indent` is how
/// far the line is moved in on which it begins; no newline is at the end. Keys beyond ASCII are quoted, of
/// which kubectl leaves those of letters bare.
std::string kyaml(const Json& value, std::size_t indent = 0);

}  // namespace egress::render
