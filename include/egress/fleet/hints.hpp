#pragma once

#include <string>

#include "egress/mesh/egress.hpp"

namespace egress::fleet {

/// Commands for hints: "kubectl egress inspect NAME -n NAMESPACE".
std::string inspect_command(const mesh::Egress& egress);
std::string delete_command(const mesh::Egress& egress);
std::string delete_namespace_command(const mesh::Egress& egress);

}  // namespace egress::fleet
