#pragma once

#include <string>
#include <vector>

#include "egress/mesh/plan.hpp"

namespace egress::fleet {

/// What it comes to that an object of others is taken over, as it stands and as the server tried it, a
/// sentence each: from whom fields are taken, who keeps some, and whether Helm goes on counting it among its
/// own.
std::vector<std::string> adoption_messages(const mesh::Object& object);

}  // namespace egress::fleet
