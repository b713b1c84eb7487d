#pragma once

#include <string>

#include "egress/mesh/egress_manifest.hpp"
#include "egress/mesh/parts.hpp"

namespace egress::mesh {

// The names of objects and gateways in messages, which can be pasted as arguments of kubectl.

/// "deployment.apps/httpbin-egress -n httpbin"; without -n for a cluster-scoped object.
std::string full_name(const Reference& object);
/// "egressgateway/httpbin -n httpbin".
std::string full_name(const Egress& gateway);
std::string full_name(const GatewayName& gateway);

}  // namespace egress::mesh
