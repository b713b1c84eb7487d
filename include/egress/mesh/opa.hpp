#pragma once

#include "egress/mesh/design.hpp"

namespace egress::mesh {

/// The default image: Open Policy Agent with its Envoy plugin
/// (github.com/open-policy-agent/opa-envoy-plugin).
inline constexpr const char* opa_image = "docker.io/openpolicyagent/opa:1.0.0-envoy";

/// The container of Open Policy Agent, and the volume with its policy.
Json opa_container(const Design& design);
Json opa_volume(const Design& design);

}  // namespace egress::mesh
