#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace egress {

/// Reads an RFC 3339 time, "2026-11-23T02:22:24Z" or "2026-11-23T04:22:24.5+02:00", to the second; nothing
/// where it is none.
std::optional<std::chrono::sys_seconds> parse_time(const std::string& rfc3339);

}  // namespace egress
