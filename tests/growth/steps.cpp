#include "growth/steps.hpp"

namespace {

std::uint64_t steps = 0;

}  // namespace

// What the compiler calls at each branch.
extern "C" void __sanitizer_cov_trace_pc();
extern "C" void __sanitizer_cov_trace_pc() {
  ++steps;
}

namespace egress::testing {

std::uint64_t steps_of(const std::function<void()>& work) {
  const std::uint64_t before = steps;
  work();
  return steps - before;
}

}  // namespace egress::testing
