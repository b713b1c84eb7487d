#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace egress::render {

/// Reads "2026-11-23T02:22:24Z"; nothing where it is not such a time.
std::optional<std::chrono::sys_seconds> parse_time(const std::string& rfc3339);

/// How long ago, as kubectl's AGE says it (k8s.io/apimachinery, pkg/util/duration): "5s", "2m30s", "3h5m",
/// "47h", "2d4h", "691d", "2y10d"; `<unknown>` where the time cannot be read, `<invalid>` where it is yet to
/// come.
std::string age(const std::string& rfc3339, std::chrono::sys_seconds now);

}  // namespace egress::render
