#pragma once

#include <string_view>

namespace egress {

/// This program's version, from meson.build.
inline constexpr std::string_view program_version = EGRESS_VERSION;

}  // namespace egress
