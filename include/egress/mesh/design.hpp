#pragma once

#include <optional>
#include <string>

#include "egress/base/certificate.hpp"
#include "egress/mesh/egress.hpp"
#include "egress/mesh/mesh.hpp"
#include "egress/mesh/names.hpp"

namespace egress::mesh {

/// The input from which a gateway's objects are generated: its settings and the mesh.
struct Design {
  Egress egress;
  Mesh mesh;
  /// PEM of the public root certificates; set only if needs_root_certificates().
  std::string root_certificates{};
  /// The label `istio.io/rev` of the pods; empty if their namespace decides which revision injects them.
  std::string pod_revision{};
  bool has_metrics_api = true;  ///< the cluster serves metrics.k8s.io, which an autoscaler needs
  /// The certificate of the exposed hosts; set only with spec.ingress.selfSigned.
  std::optional<SelfSignedCertificate> self_signed{};

  std::string name() const { return object_name(egress.name); }
  Json selector() const { return gateway_selector(egress.name, egress.ns); }
};

/// True if the service is verified with root certificates from a Secret: until 1.7.4 the agent mistakes a CA
/// file for the mesh's own root (security/pkg/nodeagent/cache/secretcache.go, 1.7.0; fixed in 1.7.5).
bool needs_root_certificates(const Egress& egress, const Mesh& mesh);

/// True if an autoscaler sets the number of replicas: the maximum exceeds the minimum, the pods have a CPU
/// request, and the cluster has the metrics API.
bool is_autoscaled(const Design& design);

// The bodies of the objects: everything except apiVersion, kind and metadata. `annotations` are added to the
// metadata. Functions with a host build one object for each host.

Json service_account(const Design& design);
Json secret_reader_role(const Design& design);
Json secret_reader_binding(const Design& design);
Json service(const Design& design);
Json deployment(const Design& design);
Json autoscaler(const Design& design);
Json disruption_budget(const Design& design);
Json root_certificates_secret(const Design& design);
Json gateway(const Design& design);
Json callers_virtual_service(const Design& design);
Json callers_destination_rule(const Design& design);
Json upstream_virtual_service(const Design& design, const std::string& host);
Json upstream_destination_rule(const Design& design, const std::string& host);
Json service_entry(const Design& design);
Json server_service_entry(const Design& design);
Json peer_authentication(const Design& design);
Json authorization_policy(const Design& design);
Json network_policy(const Design& design);
Json ingress_gateway(const Design& design);
Json ingress_secret(const Design& design);
Json opa_envoy_filter(const Design& design);
Json opa_policy_config_map(const Design& design);

/// The Deployment for Istio without gateway injection, after Istio's `istio-egress` chart, 1.7.0.
Json classic_deployment(const Design& design);
/// The Deployment whose pods Istio's injector completes, after Istio's `gateway` chart, 1.30.3.
Json injected_deployment(const Design& design);

}  // namespace egress::mesh
