#pragma once

#include <string>
#include <vector>

#include "egress/cli/streams.hpp"

namespace egress::cli {

/// Runs one command line, which starts with the program's name. Returns the exit code: 0 for success, 1 for
/// failure, or the command's own. Prints every error.
int run(const std::vector<std::string>& arguments, const Streams& streams);

}  // namespace egress::cli
