#pragma once

#include <string>
#include <utility>

#include "egress/mesh/egress.hpp"

namespace egress::mesh {

/// The apiVersion of what this program reads and prints.
inline constexpr const char* egress_api_version = "kubectl-egress/v1alpha1";

/// The file form, `kind: EgressGateway` of kubectl-egress/v1alpha1: what is set, and of what is not the few
/// fields that everybody asks for.
Json egress_manifest(const Egress& egress);

/// Reads the file form, fills in what follows from the rest (port, protocol, TLS mode) and checks it. Throws
/// Error with every fault, a line each, and how to mend it; an unknown field is one.
Egress read_egress(const Json& manifest);

/// A namespace, and the name of a gateway in it.
using GatewayName = std::pair<std::string, std::string>;

/// Which gateway a file form is for, whatever else it says. Throws Error where it is none, or does not name
/// one.
GatewayName read_gateway_name(const Json& manifest);

/// A form with nothing but what it must have: what flags are put into.
Json empty_egress_manifest(const std::string& name, const std::string& ns);

}  // namespace egress::mesh
