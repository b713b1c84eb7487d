#pragma once

#include <doctest/doctest.h>

#include <iostream>
#include <string_view>

namespace egress::testing {

/// Says on stdout that the running test case does not run here, and why. Doctest counts the case as passed, and the
/// test command reads this line to count it as skipped (tests/runner/outcome.py):
///
///     if (!on_sandbox()) return skip("it needs a sandbox");
inline void skip(std::string_view reason) {
  const auto* test = doctest::getContextOptions()->currentTest;
  std::cout << "skipped test case \"" << test->m_name << "\": " << reason << std::endl;
}

}  // namespace egress::testing
