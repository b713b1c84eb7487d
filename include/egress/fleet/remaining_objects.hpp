#pragma once

#include <vector>

#include "egress/kube/cluster.hpp"
#include "egress/mesh/egress.hpp"
#include "egress/mesh/parts.hpp"

namespace egress::fleet {

/// What a failed command leaves of a gateway.
struct RemainingObjects {
  std::vector<mesh::Reference> objects;
  bool known = false;  ///< the server says of each that it exists; otherwise it may exist
};

/// Asks the server once which of these objects exist and are the gateway's. Does not ask after a second
/// interruption, when the command is to stop at once. Throws nothing: without an answer all may exist.
RemainingObjects find_remaining(kube::Cluster& cluster, const mesh::Egress& egress,
                                std::vector<mesh::Reference> written);

}  // namespace egress::fleet
