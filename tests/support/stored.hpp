#pragma once

#include <string>

#include "egress/base/json.hpp"

namespace egress::testing {

/// The path of the first thing that `asked` says and `stored` does not; empty where there is none. The server
/// may have added to what was asked.
std::string first_missing(const Json& stored, const Json& asked, const std::string& path);

}  // namespace egress::testing
