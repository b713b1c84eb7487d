#pragma once

#include "egress/mesh/mesh.hpp"

namespace egress::mesh {

/// Two mesh configs as one, as istiod reads SHARED_MESH_CONFIG below its own (pilot/pkg/bootstrap/mesh.go,
/// 1.30.3): a field of `overrides` replaces that of `base`, only the proxies' settings are merged one by one
/// (pkg/config/mesh/mesh.go, ApplyMeshConfig).
Json merge_mesh_configs(Json base, const Json& overrides);

/// Takes over what a mesh config says; the mesh's Istio namespace must be known already.
void apply_mesh_config(Mesh& mesh, const Json& config);

}  // namespace egress::mesh
