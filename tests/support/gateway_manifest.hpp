#pragma once

#include <string>
#include <vector>

#include "egress/base/json.hpp"

namespace egress::testing {

/// The file form of the gateway httpbin in the namespace httpbin, with that spec in YAML.
Json gateway_manifest(const std::string& spec);

/// What is said against a file form, a line each; nothing where it is taken.
std::vector<std::string> manifest_errors(const Json& form);
std::vector<std::string> spec_errors(const std::string& spec);

}  // namespace egress::testing
