#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "egress/fleet/istio_discovery.hpp"
#include "egress/fleet/target_lookup.hpp"
#include "egress/kube/cluster.hpp"
#include "egress/kube/listing.hpp"
#include "egress/kube/rbac_rules.hpp"
#include "egress/kube/served_resources.hpp"
#include "egress/mesh/injection.hpp"
#include "egress/mesh/mesh.hpp"
#include "egress/mesh/revisions.hpp"

namespace egress::fleet {

/// What a cluster says before anything is written to it.
struct Survey {
  std::string ns;  ///< the gateway's
  kube::ServedResources served;
  mesh::Mesh mesh;
  mesh::Revisions revisions;
  mesh::Placement placement;  ///< the gateway's, as the injector asks
  bool namespace_exists = false;
  bool mesh_config_known = true;  ///< false where the mesh's settings are assumed
  bool metrics = true;  ///< pods are measured: the cluster has metrics.k8s.io, even where it fails now
  Json namespace_labels;
  std::optional<Json> record;         ///< the ConfigMap of the gateway's name, whosever it is
  kube::RbacRules rules;              ///< what this user may do in the namespace
  std::vector<std::string> warnings;  ///< what is assumed, a sentence each

  /// The `istio.io/rev` that the pods need; empty where they need none. Throws Error where nobody, or another
  /// revision than the wished one, would make a gateway of them.
  std::string pod_revision() const;
};

/// What a cluster says of many gateways, in the same few waves as of one: instead of each namespace and each
/// record all of them are asked for, page by page, and each revision that is wished for has settings of its
/// own.
class FleetSurvey {
 public:
  /// Looks at all of it in one wave, or in two where Istio is not where it mostly is. The next pages of
  /// `also` ride in these waves; what is left of them is the caller's to ask for.
  FleetSurvey(kube::Cluster& cluster, std::vector<GatewayRequest> wanted, kube::Pages* also = nullptr);

  const kube::ServedResources& served() const { return served_; }

  /// The records, as ConfigMaps, of the gateways that exist.
  std::vector<const JsonText*> records() const;

  /// What it says of the i-th of them. Throws Error where no Istio is found and the flags do not say which
  /// there is.
  Survey survey(std::size_t i) const;

 private:
  /// What a search found, and what had to be assumed of it.
  struct Found {
    mesh::Mesh mesh;
    mesh::Revisions revisions;
    bool mesh_config_known = true;
    std::vector<std::string> warnings;
  };

  void ask_first(kube::Cluster& cluster, std::span<kube::Pages* const> also);
  void take_metrics(const kube::Answer& answer);
  IstioDiscovery search_first(std::size_t i) const;
  void ask_second(kube::Cluster& cluster, kube::Pages* also);
  const Found& found(std::size_t i) const;
  Found search(std::size_t i) const;

  TargetLookup targets_;
  kube::ServedResources served_;
  bool metrics_ = true;
  std::string metrics_fault_;
  std::map<std::string, std::vector<kube::Answer>> first_;  ///< by what tells one search from another
  std::map<std::string, kube::Answer> second_;              ///< by target
  std::map<std::string, kube::RbacRules> rules_;            ///< by namespace
  mutable std::map<std::string, Found> found_;              ///< by what is said of Istio, and who injects
};

/// The same for one.
Survey survey(kube::Cluster& cluster, const std::string& gateway, const std::string& ns,
              const MeshFlags& flags, kube::Pages* also = nullptr);

}  // namespace egress::fleet
