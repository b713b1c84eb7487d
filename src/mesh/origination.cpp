#include "egress/base/digest.hpp"
#include "egress/mesh/design.hpp"

namespace egress::mesh {
namespace {

/// The proxy image's own bundle of public roots (docker/Dockerfile.base, 1.7.0).
constexpr const char* roots_in_image = "/etc/ssl/certs/ca-certificates.crt";
constexpr std::string_view ca_suffix = "-cacert";

/// Istio looks for the CA in the Secret of the credential's name with "-cacert" behind it
/// (security/pkg/nodeagent/secretfetcher, 1.7.0; pilot/pkg/credentials/kube, 1.30.3).
std::string credential_of(const std::string& ca_secret) {
  if (!ca_secret.ends_with(ca_suffix)) return ca_secret;
  return ca_secret.substr(0, ca_secret.size() - ca_suffix.size());
}

/// The Secret that Istio reads certificates from; empty where it needs none.
std::string credential(const Design& design) {
  const UpstreamTls& tls = design.egress.tls;
  if (tls.mode == TlsMode::mutual) return tls.credential;
  if (!tls.ca_credential.empty()) return credential_of(tls.ca_credential);
  return needs_roots(design.egress, design.mesh) ? design.name() : "";
}

/// Istio verifies the chain only where it is told against which roots, and the name only where it is told
/// which (pilot/pkg/networking/core/v1alpha3/cluster.go, 1.7.0; cluster_tls.go, 1.30.3): always both.
Json verified_tls(const Design& design, const std::string& host) {
  const UpstreamTls& tls = design.egress.tls;
  const std::string& name = design.egress.target(host);
  const std::string secret = credential(design);
  const char* roots = design.mesh.version >= Version{1, 12, 0} ? "system" : roots_in_image;
  return object({
      {"mode", tls.mode == TlsMode::mutual ? "MUTUAL" : "SIMPLE"},
      {"sni", tls.sni.empty() ? name : tls.sni},
      {"subjectAltNames", tls.subject_alt_names.empty() ? array({name}) : array(tls.subject_alt_names)},
      {"credentialName", secret.empty() ? Json() : Json(secret)},
      {"caCertificates", secret.empty() ? Json(roots) : Json()},
  });
}

/// What no CA is named for is not verified until 1.20; since then it is, unless that is turned off
/// (pilot/pkg/features, VERIFY_CERTIFICATE_AT_CLIENT, 1.21.0).
Json unverified_tls(const Design& design, const std::string& host) {
  const UpstreamTls& tls = design.egress.tls;
  const bool to_be_turned_off = design.mesh.version >= Version{1, 21, 0};
  return object({
      {"mode", "SIMPLE"},
      {"sni", tls.sni.empty() ? design.egress.target(host) : tls.sni},
      {"insecureSkipVerify", to_be_turned_off ? Json(true) : Json()},
  });
}

}  // namespace

bool needs_roots(const Egress& egress, const Mesh& mesh) {
  const UpstreamTls& tls = egress.tls;
  return tls.mode == TlsMode::simple && tls.verify && tls.ca_credential.empty() &&
         mesh.version < Version{1, 7, 5};
}

/// Hop 2 in TLS, originated by the gateway's pods and, where Istio can tell them apart (since 1.14), by no
/// other.
Json upstream_policy(const Design& design, const std::string& host) {
  const bool confined = design.mesh.version >= Version{1, 14, 0};
  const Json pods = object({{"matchLabels", design.selector()}});
  const Json tls = design.egress.tls.verify ? verified_tls(design, host) : unverified_tls(design, host);
  const Json port = object({{"number", design.egress.port}});
  return object({{"spec", object({
                              {"exportTo", array({"."})},
                              {"host", design.egress.target(host)},
                              {"workloadSelector", confined ? pods : Json()},
                              {"trafficPolicy", object({{"portLevelSettings",
                                                         array({object({{"port", port}, {"tls", tls}})})}})},
                          })}});
}

/// Public root certificates under the name by which an agent of 1.7 finds those of `credentialName`.
Json roots_secret(const Design& design) {
  return object({
      {"type", "Opaque"},
      {"data", object({{"ca.crt", base64(design.roots)}})},
  });
}

}  // namespace egress::mesh
