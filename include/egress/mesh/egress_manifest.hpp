#pragma once

#include <string>
#include <utility>

#include "egress/mesh/egress.hpp"

namespace egress::mesh {

/// The apiVersion of the manifests that this program reads and prints.
inline constexpr const char* egress_api_version = "kubectl-egress/v1alpha1";

/// The manifest, `kind: EgressGateway` of kubectl-egress/v1alpha1: all fields that differ from their default,
/// and the most important ones.
Json egress_manifest(const Egress& egress);

/// Reads a manifest, derives defaults from other fields (port, protocol, TLS mode) and validates the result.
/// Throws InvalidManifest with all errors, including unknown fields.
Egress read_egress(const Json& manifest);

/// A namespace, and the name of a gateway in it.
using GatewayName = std::pair<std::string, std::string>;

/// The namespace and name in a manifest, whose other fields are not validated. Throws InvalidManifest if it
/// is not an EgressGateway or has no valid name.
GatewayName read_gateway_name(const Json& manifest);

/// A manifest without spec, to which flags are applied.
Json empty_egress_manifest(const std::string& name, const std::string& ns);

}  // namespace egress::mesh
