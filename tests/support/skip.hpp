#pragma once

#include <doctest/doctest.h>

#include <iostream>
#include <string>
#include <string_view>

namespace egress::testing {

/// Says on stdout, once, that the running test case does not run here, and why. Doctest counts the case as
/// passed, and the test command reads this line to count it as skipped (tests/runner/outcome.py):
///
///     if (!on_sandbox()) return skip("it needs a sandbox");
inline void skip(std::string_view reason) {
  static std::string last_skipped;
  const auto* test = doctest::getContextOptions()->currentTest;
  if (last_skipped == test->m_name) return;
  last_skipped = test->m_name;
  std::cout << "skipped test case \"" << test->m_name << "\": " << reason << std::endl;
}

}  // namespace egress::testing
