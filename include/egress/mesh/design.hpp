#pragma once

#include <optional>
#include <string>

#include "egress/base/certificate.hpp"
#include "egress/mesh/egress.hpp"
#include "egress/mesh/mesh.hpp"
#include "egress/mesh/names.hpp"

namespace egress::mesh {

/// All that a gateway's objects are made from: what is asked for, and the mesh it is asked of.
struct Design {
  Egress egress;
  Mesh mesh;
  std::string
      root_certificates{};  ///< PEM of the public root certificates; only where needs_root_certificates()
  /// `istio.io/rev` for the pods; only where their namespace does not say who injects.
  std::string pod_revision{};
  bool has_metrics_api = true;  ///< the cluster measures pods (metrics.k8s.io): an autoscaler can work
  std::optional<SelfSignedCertificate>
      self_signed{};  ///< for the exposed hosts; only where the egress asks for it

  std::string name() const { return object_name(egress.name); }
  Json selector() const { return gateway_selector(egress.name, egress.ns); }
};

/// True where this gateway is verified with roots in a Secret: until 1.7.4 the agent takes a CA file for the
/// mesh's own root (security/pkg/nodeagent/cache/secretcache.go, 1.7.0; mended in 1.7.5).
bool needs_root_certificates(const Egress& egress, const Mesh& mesh);

/// True where the gateway's replicas follow its load: there is room between floor and ceiling, a CPU request
/// to measure against, and somebody who measures.
bool is_autoscaled(const Design& design);

// The bodies: what stands beside apiVersion, kind and metadata in each object; `annotations` go into its
// metadata. Those with a host stand once for each.

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

/// The pod of a Deployment before gateway injection: Istio's own `istio-egress` chart, 1.7.0.
Json classic_deployment(const Design& design);
/// The pod that Istio's injector completes: Istio's own `gateway` chart, 1.30.3.
Json injected_deployment(const Design& design);

}  // namespace egress::mesh
