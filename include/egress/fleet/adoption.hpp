#pragma once

#include <string>
#include <vector>

#include "egress/mesh/plan.hpp"

namespace egress::fleet {

/// The consequences of taking over an object, one sentence each: which fields are taken from whom, who keeps
/// fields, and whether the object still belongs to a Helm release.
std::vector<std::string> adoption_messages(const mesh::Object& object);

}  // namespace egress::fleet
