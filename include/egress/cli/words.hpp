#pragma once

#include <string>
#include <vector>

#include "egress/cli/typed_line.hpp"

namespace egress::cli {

/// The words of a command line as CLI11 takes them: each flag by its long name with its value, and what is no
/// flag behind two hyphens. The line has no faults.
std::vector<std::string> as_cli11_reads(const TypedLine& line);

}  // namespace egress::cli
