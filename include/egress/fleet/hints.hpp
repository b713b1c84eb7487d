#pragma once

#include <string>

#include "egress/mesh/egress.hpp"

namespace egress::fleet {

// What to type next, as it stands in hints.

std::string inspect_command(const mesh::Egress& egress);
std::string delete_command(const mesh::Egress& egress);
std::string delete_namespace_command(const mesh::Egress& egress);

}  // namespace egress::fleet
