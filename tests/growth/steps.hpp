#pragma once

#include <cstdint>
#include <functional>

namespace egress::testing {

/// How many branches of the readers a piece of work takes: they are compiled here so that they count them
/// (-fsanitize-coverage=trace-pc). Unlike a time it is the same in every run, on every machine.
std::uint64_t count_steps(const std::function<void()>& work);

}  // namespace egress::testing
