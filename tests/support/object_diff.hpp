#pragma once

#include <string>
#include <vector>

#include "egress/base/json.hpp"

namespace egress::testing {

/// The differences of two objects, one sorted line each: "- path = value" of the first, "+ path = value" of
/// the second. Items of lists are identified by their name, not by their index.
std::vector<std::string> differences(const Json& first, const Json& second);

/// A difference that is meant, and the reason; each `*` in the line stands for anything.
struct ExpectedDifference {
  std::string line;
  std::string reason;
};

/// The lines that no row of the table means, and the rows of the table that no line needs.
std::vector<std::string> unexpected_differences(const std::vector<std::string>& lines,
                                                const std::vector<ExpectedDifference>& table);

}  // namespace egress::testing
