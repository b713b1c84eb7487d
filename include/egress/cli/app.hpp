#pragma once

#include <string>
#include <vector>

#include "egress/cli/streams.hpp"

namespace egress::cli {

/// Runs one command line, the program's name first. Returns the exit code: 0 done, 1 failed. The only place
/// where errors become text.
int run(const std::vector<std::string>& arguments, const Streams& streams);

}  // namespace egress::cli
