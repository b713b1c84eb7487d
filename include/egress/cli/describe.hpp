#pragma once

#include <chrono>
#include <string>

#include "egress/fleet/inspection.hpp"
#include "egress/render/colour.hpp"

namespace egress::cli {

/// The text of `inspect`: the gateway's settings, traffic path, objects, problems, recent warning events and
/// the next command.
std::string describe(const fleet::Inspection& inspection, std::chrono::sys_seconds now,
                     render::Palette palette = render::Palette());

/// The command that repairs the gateway or shows more about its problem; empty for a deleted gateway.
std::string next_command(const fleet::Inspection& inspection);

}  // namespace egress::cli
