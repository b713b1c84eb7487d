#include "growth/steps.hpp"

namespace {

std::uint64_t steps = 0;

}  // namespace

// What the compiler calls at each branch, by the name that it has for it.
// NOLINTBEGIN(bugprone-reserved-identifier, readability-identifier-naming)
extern "C" void __sanitizer_cov_trace_pc();
extern "C" void __sanitizer_cov_trace_pc() {
  ++steps;
}
// NOLINTEND(bugprone-reserved-identifier, readability-identifier-naming)

namespace egress::testing {

std::uint64_t count_steps(const std::function<void()>& work) {
  const std::uint64_t before = steps;
  work();
  return steps - before;
}

}  // namespace egress::testing
