#pragma once

#include <string>

namespace egress::render {

/// How the second text differs from the first, as a unified diff with three lines around each change; empty
/// where it does not. The names stand in its head.
std::string unified_diff(const std::string& first_name, const std::string& first,
                         const std::string& second_name, const std::string& second);

}  // namespace egress::render
