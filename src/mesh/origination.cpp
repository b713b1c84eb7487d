#include "egress/base/digest.hpp"
#include "egress/mesh/design.hpp"

namespace egress::mesh {
namespace {

/// The proxy image's own bundle of public roots (docker/Dockerfile.base, 1.7.0).
constexpr const char* image_ca_bundle = "/etc/ssl/certs/ca-certificates.crt";
constexpr std::string_view ca_suffix = "-cacert";

/// Istio looks for the CA in the Secret of the credential's name with "-cacert" behind it
/// (security/pkg/nodeagent/secretfetcher, 1.7.0; pilot/pkg/credentials/kube, 1.30.3).
std::string credential_name(const std::string& ca_secret) {
  if (!ca_secret.ends_with(ca_suffix)) return ca_secret;
  return ca_secret.substr(0, ca_secret.size() - ca_suffix.size());
}

/// The Secret that Istio reads certificates from; empty where it needs none.
std::string credential_secret(const Design& design) {
  const UpstreamTls& tls = design.egress.tls;
  if (tls.mode == TlsMode::mutual) return tls.credential;
  if (!tls.ca_credential.empty()) return credential_name(tls.ca_credential);
  return needs_root_certificates(design.egress, design.mesh) ? design.name() : "";
}

/// Istio verifies the chain only where it is told against which roots, and the name only where it is told
/// which (pilot/pkg/networking/core/v1alpha3/cluster.go, 1.7.0; cluster_tls.go, 1.30.3): always both.
Json verified_tls(const Design& design, const std::string& host) {
  const UpstreamTls& tls = design.egress.tls;
  const std::string& name = design.egress.upstream_host(host);
  const std::string secret = credential_secret(design);
  const char* ca_certificates = design.mesh.version >= Version{1, 12, 0} ? "system" : image_ca_bundle;
  return object({
      {"mode", tls.mode == TlsMode::mutual ? "MUTUAL" : "SIMPLE"},
      {"sni", tls.sni.empty() ? name : tls.sni},
      {"subjectAltNames", tls.subject_alt_names.empty() ? array({name}) : array(tls.subject_alt_names)},
      {"credentialName", secret.empty() ? Json() : Json(secret)},
      {"caCertificates", secret.empty() ? Json(ca_certificates) : Json()},
  });
}

/// What no CA is named for is not verified until 1.20; since then it is, unless that is turned off
/// (pilot/pkg/features, VERIFY_CERTIFICATE_AT_CLIENT, 1.21.0).
Json unverified_tls(const Design& design, const std::string& host) {
  const UpstreamTls& tls = design.egress.tls;
  const bool verifies_by_default = design.mesh.version >= Version{1, 21, 0};
  return object({
      {"mode", "SIMPLE"},
      {"sni", tls.sni.empty() ? design.egress.upstream_host(host) : tls.sni},
      {"insecureSkipVerify", verifies_by_default ? Json(true) : Json()},
  });
}

}  // namespace

bool needs_root_certificates(const Egress& egress, const Mesh& mesh) {
  const UpstreamTls& tls = egress.tls;
  return tls.mode == TlsMode::simple && tls.verify && tls.ca_credential.empty() &&
         mesh.version < Version{1, 7, 5};
}

/// Hop 2 in TLS, originated by the gateway's pods and, where Istio can tell them apart (since 1.14), by no
/// other.
Json upstream_destination_rule(const Design& design, const std::string& host) {
  const bool supports_workload_selector = design.mesh.version >= Version{1, 14, 0};
  const Json pods = object({{"matchLabels", design.selector()}});
  const Json tls = design.egress.tls.verify ? verified_tls(design, host) : unverified_tls(design, host);
  const Json port = object({{"number", design.egress.port}});
  return object({{"spec", object({
                              {"exportTo", array({"."})},
                              {"host", design.egress.upstream_host(host)},
                              {"workloadSelector", supports_workload_selector ? pods : Json()},
                              {"trafficPolicy", object({{"portLevelSettings",
                                                         array({object({{"port", port}, {"tls", tls}})})}})},
                          })}});
}

/// Public root certificates under the name by which an agent of 1.7 finds those of `credentialName`.
Json root_certificates_secret(const Design& design) {
  return object({
      {"type", "Opaque"},
      {"data", object({{"ca.crt", encode_base64(design.root_certificates)}})},
  });
}

}  // namespace egress::mesh
