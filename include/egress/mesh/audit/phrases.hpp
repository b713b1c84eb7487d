#pragma once

#include <string>
#include <vector>

#include "egress/mesh/full_name.hpp"

namespace egress::mesh {

// Parts of the messages of findings.

/// The text in quotes, with control characters escaped.
std::string quoted(const std::string& text);
/// `"a", "b", "c" and 4 more`.
std::string quoted_list(const std::vector<std::string>& texts);
/// "pod is", "pods are".
std::string plural(std::size_t count, const std::string& one, const std::string& many);

}  // namespace egress::mesh
