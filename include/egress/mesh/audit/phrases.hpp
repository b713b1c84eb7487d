#pragma once

#include <string>
#include <vector>

#include "egress/mesh/parts.hpp"

namespace egress::mesh {

// The words that findings are made of.

/// The text in quotes, fit for a terminal.
std::string quoted(const std::string& text);
/// `"a", "b", "c" and 4 more`.
std::string listed(const std::vector<std::string>& texts);
/// `VirtualService "shop/old"`; without the namespace where the kind has none.
std::string named(const Reference& reference);
/// "pod is", "pods are".
std::string plural(std::size_t count, const std::string& one, const std::string& many);

}  // namespace egress::mesh
