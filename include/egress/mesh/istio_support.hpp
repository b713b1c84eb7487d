#pragma once

#include "egress/mesh/design.hpp"

namespace egress::mesh {

/// Throws Error with everything that is asked for and that this mesh cannot give, a line each, and what to do
/// instead.
void check_istio_support(const Design& design);

}  // namespace egress::mesh
