#include "egress/base/digest.hpp"
#include "egress/mesh/design.hpp"

namespace egress::mesh {
namespace {

/// The bundle of public root certificates in the proxy image (docker/Dockerfile.base, 1.7.0).
constexpr const char* image_ca_bundle = "/etc/ssl/certs/ca-certificates.crt";
constexpr std::string_view ca_suffix = "-cacert";

/// Istio looks for the CA in the Secret with the credential's name and the suffix "-cacert"
/// (security/pkg/nodeagent/secretfetcher, 1.7.0; pilot/pkg/credentials/kube, 1.30.3).
std::string credential_name(const std::string& ca_secret) {
  if (!ca_secret.ends_with(ca_suffix)) return ca_secret;
  return ca_secret.substr(0, ca_secret.size() - ca_suffix.size());
}

/// The Secret from which Istio reads certificates; empty if it needs none.
std::string credential_secret(const Design& design) {
  const UpstreamTls& tls = design.egress.tls;
  if (tls.mode == TlsMode::mutual) return tls.credential;
  if (!tls.ca_credential.empty()) return credential_name(tls.ca_credential);
  return needs_root_certificates(design.egress, design.mesh) ? design.name() : "";
}

/// Istio verifies the chain only if CA certificates are set, and the name only if names are set
/// (pilot/pkg/networking/core/v1alpha3/cluster.go, 1.7.0; cluster_tls.go, 1.30.3), so both are always set.
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

/// Until 1.20 Istio does not verify a service without a CA. Since 1.21 it does, unless verification is
/// disabled (pilot/pkg/features, VERIFY_CERTIFICATE_AT_CLIENT, 1.21.0).
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

/// TLS on hop 2, originated by the gateway's pods and, since Istio 1.14 supports workloadSelector, only by
/// them.
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

/// Public root certificates in the Secret in which the agent of 1.7 looks for the CA of `credentialName`.
Json root_certificates_secret(const Design& design) {
  return object({
      {"type", "Opaque"},
      {"data", object({{"ca.crt", encode_base64(design.root_certificates)}})},
  });
}

}  // namespace egress::mesh
