#pragma once

#include <string>

namespace egress::render {

/// A unified diff from the first text to the second, with three lines of context; empty if they are equal.
/// The names go into its header.
std::string unified_diff(const std::string& first_name, const std::string& first,
                         const std::string& second_name, const std::string& second);

}  // namespace egress::render
