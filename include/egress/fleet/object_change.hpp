#pragma once

#include "egress/mesh/parts.hpp"

namespace egress::fleet {

/// True if applying the object would change it: its dry run differs from the live object or its field owners,
/// except for a number of replicas that is kept.
bool would_change(const mesh::Object& object);

}  // namespace egress::fleet
