#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

/// What libFuzzer calls with each input.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace egress::fuzz {

/// The input as a text.
inline std::string_view input_text(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

/// Says what does not hold, and ends as a crash does: libFuzzer keeps the input.
inline void expect(bool condition, const char* expectation) {
  if (condition) return;
  std::fprintf(stderr, "does not hold: %s\n", expectation);
  std::abort();
}

}  // namespace egress::fuzz
