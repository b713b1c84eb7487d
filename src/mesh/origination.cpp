#include "egress/base/digest.hpp"
#include "egress/mesh/design.hpp"

namespace egress::mesh {
namespace {

/// The proxy image's own bundle of public roots (docker/Dockerfile.base, 1.7.0).
constexpr const char* roots_in_image = "/etc/ssl/certs/ca-certificates.crt";

/// Istio verifies the chain only where it is told against which roots, and the name only where it is told
/// which (pilot/pkg/networking/core/v1alpha3/cluster.go, 1.7.0; cluster_tls.go, 1.30.3): always both.
Json verified_tls(const Design& design) {
  const Mesh& mesh = design.mesh;
  const bool named_roots = mesh.version >= Version{1, 12, 0};
  return object({
      {"mode", "SIMPLE"},
      {"sni", design.egress.host},
      {"subjectAltNames", array({design.egress.host})},
      {"credentialName", needs_roots(mesh) ? Json(design.name()) : Json()},
      {"caCertificates", needs_roots(mesh) ? Json() : Json(named_roots ? "system" : roots_in_image)},
  });
}

}  // namespace

bool needs_roots(const Mesh& mesh) {
  return mesh.version < Version{1, 7, 5};
}

/// Hop 2 in TLS, originated by the gateway.
Json upstream_policy(const Design& design) {
  return object({
      {"spec", object({
                   {"exportTo", array({"."})},
                   {"host", design.egress.host},
                   {"trafficPolicy",
                    object({{"portLevelSettings", array({object({
                                                      {"port", object({{"number", design.egress.port}})},
                                                      {"tls", verified_tls(design)},
                                                  })})}})},
               })},
  });
}

/// Public root certificates under the name by which an agent of 1.7 finds those of `credentialName`.
Json roots_secret(const Design& design) {
  return object({
      {"type", "Opaque"},
      {"data", object({{"ca.crt", base64(design.roots)}})},
  });
}

}  // namespace egress::mesh
