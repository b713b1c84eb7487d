#pragma once

#include <cstddef>
#include <functional>

namespace egress::testing {

/// What was taken of memory, by anybody, while something was done.
struct Allocations {
  std::size_t count = 0;  ///< how often
  std::size_t peak = 0;   ///< bytes, at most at one time, beyond what was taken before
};

/// Counts what `operator new` is asked for while `work` is done. A program that uses it has that operator
/// replaced.
Allocations count_allocations(const std::function<void()>& work);

}  // namespace egress::testing
