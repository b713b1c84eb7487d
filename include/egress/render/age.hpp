#pragma once

#include <chrono>
#include <string>

namespace egress::render {

/// How long, as kubectl's AGE says it (k8s.io/apimachinery, pkg/util/duration): "5s", "2m30s", "3h5m", "47h",
/// "2d4h", "691d", "2y10d".
std::string duration(std::chrono::seconds time);

/// How long ago, so; `<unknown>` where the time cannot be read, `<invalid>` where it is yet to come.
std::string age(const std::string& rfc3339, std::chrono::sys_seconds now);

}  // namespace egress::render
