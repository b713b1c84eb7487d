#pragma once

#include <string>
#include <vector>

namespace egress::testing {

/// The file tests/golden/NAME.
std::string golden_path(const std::string& name);

/// How `actual` differs from the content of tests/golden/NAME: the first line that does, on both sides;
/// nothing where it does not. With EGRESS_ACCEPT=1 in the environment the file is first written anew.
std::string golden_difference(const std::string& name, const std::string& actual);

/// The names of all golden files, sorted.
std::vector<std::string> golden_names();

}  // namespace egress::testing
