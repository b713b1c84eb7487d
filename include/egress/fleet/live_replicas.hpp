#pragma once

#include "egress/base/json.hpp"
#include "egress/mesh/parts.hpp"

namespace egress::fleet {

/// Where an autoscaler is to see to the number of pods from now on, they stay as many as they are `now`: left
/// out, the number would fall to one until the autoscaler looks. Where it has seen to it already it is left
/// to it.
void keep_live_replicas(mesh::Object& object, const Json& now);

}  // namespace egress::fleet
