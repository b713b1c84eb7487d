#pragma once

#include <optional>
#include <string>
#include <vector>

#include "egress/base/json.hpp"
#include "egress/mesh/control_plane.hpp"
#include "egress/mesh/version.hpp"

namespace egress::mesh {

/// What a cluster says of its Istio, as far as a gateway depends on it. The defaults are those of Istio's own
/// charts (manifests/charts/global.yaml, 1.7.0) and of its mesh config (pkg/config/mesh/mesh.go, 1.30.3).
struct Mesh {
  Version version{1, 30, 0};
  std::string revision;  ///< empty for the default one
  std::string istio_namespace = "istio-system";
  std::string root_namespace = "istio-system";  ///< what stands here holds for the whole mesh
  std::string cluster_domain = "cluster.local";
  std::string trust_domain = "cluster.local";

  /// Where callers may go by themselves: ALLOW_ANY or REGISTRY_ONLY, or a word that Istio does not know.
  std::string outbound_policy = "ALLOW_ANY";
  bool auto_mtls = true;
  std::vector<std::string> service_export_to{"*"};  ///< where an object says nothing: "*", "." or namespaces
  std::vector<std::string> virtual_service_export_to{"*"};
  std::vector<std::string> destination_rule_export_to{"*"};
  Json discovery_selectors;  ///< istiod sees the namespaces that one of them matches; none: all (since 1.10)

  /// Whether the injector can make a gateway; nothing where its settings are not known.
  std::optional<bool> gateway_template;
  bool distroless = false;  ///< the proxy's image has neither a shell nor other programs

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
  bool log_as_json = false;
  int sts_port = 0;  ///< of the proxy's token exchange; 0: it has none
  bool mount_mtls_certs = false;
  bool core_dump = false;
  bool prometheus_merge = true;  ///< the proxy's figures are announced to Prometheus
  std::string priority_class;
  Json default_tolerations;
  Json arch = object({{"amd64", 2}, {"ppc64le", 2}, {"s390x", 2}});  ///< weight of each, 0 to 3
  Json proxy_config;                                                 ///< the mesh config's defaultConfig

  /// True where Istio makes a gateway of a Deployment by injection (since 1.10); before, the Deployment is
  /// the whole gateway.
  bool gateway_injection() const { return gateway_template.value_or(version >= Version{1, 10, 0}); }
  /// `revision`, or nothing where it is the default one.
  bool has_revision() const { return !revision.empty() && revision != "default"; }
};

/// What a mesh leaves on its cluster to be known by; null is what is not there or may not be read.
struct IstioConfig {
  std::string ns = "istio-system";  ///< where its istiod runs
  std::string revision{};           ///< which one it is of; empty for the default one
  std::optional<ControlPlane> istiod{};
  Json mesh_config{};    ///< data of the ConfigMap `istio`
  Json shared_config{};  ///< data of the ConfigMap that istiod's SHARED_MESH_CONFIG names
  Json injector{};       ///< data of the ConfigMap `istio-sidecar-injector`
};

/// The version that they say: istiod's own, or else the tag of its proxies; nothing where neither is one.
std::optional<Version> read_version(const IstioConfig& config);

/// The mesh that they tell of; where they say nothing the defaults stand. Throws Error where a ConfigMap
/// holds what is no YAML.
Mesh read_mesh(const IstioConfig& config, Version version);

/// Takes hub and tag of the proxy's image from the user; empty is not said. An image that the mesh names in
/// full gives way.
void override_image(Mesh& mesh, const std::string& hub, const std::string& tag);

/// Istio of the given version with its charts' defaults: for a mesh that cannot be looked at.
Mesh assumed_mesh(Version version);

}  // namespace egress::mesh
