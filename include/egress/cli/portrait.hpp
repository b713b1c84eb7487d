#pragma once

#include <chrono>
#include <string>

#include "egress/mesh/status.hpp"

namespace egress::cli {

/// Everything about one gateway, for people: its settings, the way of its traffic, every object, and what is
/// not well.
std::string portrait(const mesh::Summary& summary, std::chrono::sys_seconds now);

}  // namespace egress::cli
