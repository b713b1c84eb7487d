#pragma once

#include <chrono>
#include <string>

namespace egress::render {

/// A duration as in kubectl's AGE column (k8s.io/apimachinery, pkg/util/duration): "5s", "2m30s", "3h5m",
/// "47h", "2d4h", "691d", "2y10d".
std::string human_duration(std::chrono::seconds time);

/// The human_duration() since a time; `<unknown>` for an invalid time, `<invalid>` for one in the future.
std::string age(const std::string& rfc3339, std::chrono::sys_seconds now);

}  // namespace egress::render
