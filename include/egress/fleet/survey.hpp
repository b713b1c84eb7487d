#pragma once

#include <optional>
#include <string>
#include <vector>

#include "egress/fleet/mesh_flags.hpp"
#include "egress/kube/cluster.hpp"
#include "egress/kube/listing.hpp"
#include "egress/kube/served.hpp"
#include "egress/mesh/injection.hpp"
#include "egress/mesh/mesh.hpp"
#include "egress/mesh/revisions.hpp"

namespace egress::fleet {

/// What a cluster says before anything is written to it.
struct Survey {
  std::string ns;  ///< the gateway's
  kube::Served served;
  mesh::Mesh mesh;
  mesh::Revisions revisions;
  mesh::Placement placement;  ///< the gateway's, as the injector asks
  bool namespace_exists = false;
  bool mesh_config_known = true;  ///< false where the mesh's settings are assumed
  bool metrics = true;  ///< pods are measured: the cluster has metrics.k8s.io, even where it fails now
  Json namespace_labels;
  std::optional<Json> record;         ///< the ConfigMap of the gateway's name, whosever it is
  std::vector<std::string> warnings;  ///< what is assumed, a sentence each

  /// The `istio.io/rev` that the pods need; empty where they need none. Throws Error where nobody, or another
  /// revision than the wished one, would make a gateway of them.
  std::string pod_revision() const;
};

/// Looks at all of it in one wave, or in two where Istio is not where it mostly is. The next pages of `also`
/// ride in these waves; what is left of them is the caller's to ask for. Throws Error where no Istio is found
/// and the flags do not say which there is.
Survey survey(kube::Cluster& cluster, const std::string& gateway, const std::string& ns,
              const MeshFlags& flags, kube::Pages* also = nullptr);

}  // namespace egress::fleet
