#pragma once

#include <optional>
#include <string>

#include "egress/base/json.hpp"
#include "egress/mesh/version.hpp"

namespace egress::mesh {

/// What a cluster says of its Istio, as far as a gateway depends on it. The defaults are those of Istio's own
/// charts (manifests/charts/global.yaml, 1.7.0).
struct Mesh {
  Version version{1, 30, 0};
  std::string revision;  ///< empty for the default one
  std::string istio_namespace = "istio-system";
  std::string cluster_domain = "cluster.local";
  std::string trust_domain = "cluster.local";

  // Only a gateway made before gateway injection spells these out itself.
  std::string hub = "docker.io/istio";
  std::string tag = "1.7.0";
  std::string proxy_image = "proxyv2";
  std::string image_pull_policy;
  Json image_pull_secrets;  ///< names
  std::string token_policy = "third-party-jwt";
  std::string token_audience = "istio-ca";
  std::string certificate_provider = "istiod";
  std::string ca_address;  ///< empty: istiod's own
  std::string cluster_id = "Kubernetes";
  std::string mesh_id;
  std::string network;
  std::string proxy_log_level = "warning";
  std::string proxy_component_log_level = "misc:error";
  std::string log_level = "default:info";
  Json arch = object({{"amd64", 2}, {"ppc64le", 2}, {"s390x", 2}});  ///< weight of each, 0 to 3
  Json proxy_config;                                                 ///< the mesh config's defaultConfig

  /// True where Istio makes a gateway of a Deployment by injection (since 1.10); before, the Deployment is
  /// the whole gateway.
  bool gateway_injection() const { return version >= Version{1, 10, 0}; }
  /// `revision`, or nothing where it is the default one.
  bool has_revision() const { return !revision.empty() && revision != "default"; }
};

/// Reads a mesh from what it leaves on its cluster: the istiod Deployment, the data of the ConfigMaps `istio`
/// and `istio-sidecar-injector` (both may be null: then the defaults stand). A version in an image tag counts
/// more than a label, which charts get wrong; nothing where neither says it.
std::optional<Mesh> read_mesh(const Json& istiod, const Json& mesh_data, const Json& injector_data);

/// Istio of the given version with its charts' defaults: for a mesh that cannot be looked at.
Mesh assumed_mesh(Version version);

}  // namespace egress::mesh
