#pragma once

#include <optional>
#include <string>
#include <vector>

#include "egress/base/json.hpp"
#include "egress/mesh/control_plane.hpp"
#include "egress/mesh/version.hpp"

namespace egress::mesh {

/// The settings of a cluster's Istio on which a gateway depends. The defaults are those of Istio's charts
/// (manifests/charts/global.yaml, 1.7.0) and of its mesh config (pkg/config/mesh/mesh.go, 1.30.3).
struct Mesh {
  Version version{1, 30, 0};
  std::string revision;  ///< empty for the default one
  std::string istio_namespace = "istio-system";
  std::string root_namespace = "istio-system";  ///< configuration in this namespace applies to the whole mesh
  std::string cluster_domain = "cluster.local";
  std::string trust_domain = "cluster.local";

  /// Whether sidecars let unknown hosts pass: ALLOW_ANY, REGISTRY_ONLY, or a value that Istio does not know.
  std::string outbound_policy = "ALLOW_ANY";
  bool auto_mtls = true;
  std::vector<std::string> service_export_to{"*"};  ///< default exportTo: "*", "." or namespaces
  std::vector<std::string> virtual_service_export_to{"*"};
  std::vector<std::string> destination_rule_export_to{"*"};
  Json discovery_selectors;  ///< istiod watches namespaces that match any of them; null: all (since 1.10)

  /// True if the injector has a gateway template; empty if its settings are unknown.
  std::optional<bool> gateway_template;
  bool distroless = false;  ///< the proxy image has neither a shell nor other programs

  // Settings that a Deployment sets itself only without gateway injection.
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
  int sts_port = 0;  ///< of the proxy's token exchange; 0: none
  bool mount_mtls_certs = false;
  bool core_dump = false;
  bool prometheus_merge = true;  ///< announce the proxy's metrics to Prometheus
  std::string priority_class;
  Json default_tolerations;
  Json arch = object({{"amd64", 2}, {"ppc64le", 2}, {"s390x", 2}});  ///< weight of each, 0 to 3
  Json proxy_config;                                                 ///< the mesh config's defaultConfig

  /// True if Istio injects the gateway's proxy into its pods (since 1.10); otherwise the Deployment contains
  /// the whole proxy.
  bool gateway_injection() const { return gateway_template.value_or(version >= Version{1, 10, 0}); }
  /// True for a revision other than the default one.
  bool has_revision() const { return !revision.empty() && revision != "default"; }
};

/// The objects of an Istio installation from which a Mesh is read; null if they do not exist or cannot be
/// read.
struct IstioConfig {
  std::string ns = "istio-system";  ///< namespace of istiod
  std::string revision{};           ///< empty for the default one
  std::optional<ControlPlane> istiod{};
  Json mesh_config{};    ///< data of the ConfigMap `istio`
  Json shared_config{};  ///< data of the ConfigMap that istiod's SHARED_MESH_CONFIG names
  Json injector{};       ///< data of the ConfigMap `istio-sidecar-injector`
};

/// The version of istiod, or else of the proxies' tag; empty if neither is a release of Istio.
std::optional<Version> read_version(const IstioConfig& config);

/// The mesh that these objects describe, with defaults for missing settings. Throws Error if a ConfigMap has
/// invalid YAML.
Mesh read_mesh(const IstioConfig& config, Version version);

/// Sets the hub and tag of the proxy image that the user requests; empty ones do not change it. A full image
/// name of the mesh is dropped.
void override_image(Mesh& mesh, const std::string& hub, const std::string& tag);

/// A mesh of that version with the defaults of Istio's charts, for a cluster that is not read.
Mesh assumed_mesh(Version version);

}  // namespace egress::mesh
