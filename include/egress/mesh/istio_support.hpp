#pragma once

#include "egress/mesh/design.hpp"

namespace egress::mesh {

/// Throws InvalidManifest with every requested setting that this mesh does not support.
void check_istio_support(const Design& design);

}  // namespace egress::mesh
