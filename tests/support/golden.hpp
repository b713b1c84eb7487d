#pragma once

#include <string>

namespace egress::testing {

/// The content of tests/golden/NAME. With EGRESS_ACCEPT=1 in the environment the file is first written anew
/// with `actual`.
std::string golden(const std::string& name, const std::string& actual);

}  // namespace egress::testing
