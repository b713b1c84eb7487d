#pragma once

#include <string>

#include "egress/base/json.hpp"

namespace egress::testing {

/// The path of the first thing that `requested` says and `stored` does not; empty where there is none. The
/// server may have added to what was requested.
std::string first_missing_field(const Json& stored, const Json& requested, const std::string& path);

}  // namespace egress::testing
