#pragma once

#include "egress/mesh/mesh.hpp"

namespace egress::mesh {

/// Merges two mesh configs as istiod merges its own over SHARED_MESH_CONFIG (pilot/pkg/bootstrap/mesh.go,
/// 1.30.3): a field of `overrides` replaces that of `base`; only proxy settings are merged field by field
/// (pkg/config/mesh/mesh.go, ApplyMeshConfig).
Json merge_mesh_configs(Json base, const Json& overrides);

/// Applies a mesh config. Reads mesh.istio_namespace, which must be set before.
void apply_mesh_config(Mesh& mesh, const Json& config);

}  // namespace egress::mesh
