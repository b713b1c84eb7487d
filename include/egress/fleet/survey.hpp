#pragma once

#include <optional>
#include <string>

#include "egress/kube/cluster.hpp"
#include "egress/kube/served.hpp"
#include "egress/mesh/mesh.hpp"

namespace egress::fleet {

/// What the user says of the mesh; empty is: look.
struct MeshFlags {
  std::string version;   ///< --istio-version
  std::string revision;  ///< --istio-revision
  std::string ns;        ///< --istio-namespace
};

/// What a cluster says before anything is written to it.
struct Survey {
  std::string ns;  ///< the gateway's
  kube::Served served;
  mesh::Mesh mesh;
  bool namespace_exists = false;
  Json namespace_labels;
  std::optional<Json> record;  ///< the ConfigMap of the gateway's name, whosever it is

  /// The `istio.io/rev` that the pods need; empty where their namespace says who injects them. Throws Error
  /// where nobody would.
  std::string pod_revision() const;
};

/// Looks at all of it in one wave, or in two where Istio is not where it mostly is. Throws Error where no
/// Istio is found and the flags do not say which there is.
Survey survey(kube::Cluster& cluster, const std::string& gateway, const std::string& ns,
              const MeshFlags& flags);

/// The version that a flag names. Throws Error where it is not one.
mesh::Version version_flag(const std::string& text);

}  // namespace egress::fleet
