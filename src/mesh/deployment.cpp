#include "egress/mesh/design.hpp"

namespace egress::mesh {

Json deployment(const Design& design) {
  return design.mesh.gateway_injection() ? injected_deployment(design) : classic_deployment(design);
}

}  // namespace egress::mesh
