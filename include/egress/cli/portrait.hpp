#pragma once

#include <chrono>
#include <string>

#include "egress/fleet/inspection.hpp"
#include "egress/render/colour.hpp"

namespace egress::cli {

/// Everything about one gateway, for people: its settings, the way of its traffic, every object, what is not
/// well, the warnings of late, and what to type next.
std::string portrait(const fleet::Inspection& inspection, std::chrono::sys_seconds now,
                     render::Palette palette = render::Palette());

/// What mends the gateway, or tells more of it.
std::string next_command(const fleet::Inspection& inspection);

}  // namespace egress::cli
