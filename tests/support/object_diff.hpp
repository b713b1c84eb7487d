#pragma once

#include <string>
#include <vector>

#include "egress/base/json.hpp"

namespace egress::testing {

/// What two objects say differently, a line each and sorted: "- path = value" of the first, "+ path = value"
/// of the second. Items of lists are told apart by their name, not by their place.
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
