#include "egress/mesh/istio_support.hpp"

#include "egress/base/text.hpp"
#include "egress/mesh/field_errors.hpp"

namespace egress::mesh {
namespace {

/// The agent of 1.7 ignores Secrets with such names (security/pkg/nodeagent/secretfetcher, isGatewaySecret,
/// 1.7.0).
bool is_ignored_by_agent(const std::string& secret) {
  return secret.starts_with("istio") || secret.starts_with("prometheus");
}

void check_secret_name(const Mesh& mesh, const std::string& secret, const std::string& advice,
                       const std::string& field, FieldErrors& errors) {
  if (secret.empty() || mesh.version >= Version{1, 8, 0}) return;
  errors.require(!is_ignored_by_agent(secret), field,
                 "Istio " + mesh.version.text() +
                     " ignores Secrets whose names begin with \"istio\" or \"prometheus\", such as \"" +
                     printable(secret, 300) + "\": " + advice);
}

void check_secrets(const Design& design, FieldErrors& errors) {
  const Mesh& mesh = design.mesh;
  const UpstreamTls& tls = design.egress.tls;
  const std::string rename = "use another name";
  check_secret_name(mesh, tls.ca_credential, rename, "spec.tls.caCredentialName", errors);
  check_secret_name(mesh, tls.credential, rename, "spec.tls.credentialName", errors);
  if (design.egress.ingress)
    check_secret_name(mesh, design.egress.ingress->credential, rename, "spec.ingress.credentialName", errors);
  if (needs_root_certificates(design.egress, mesh))
    check_secret_name(mesh, design.name(), "choose another NAME", "metadata.name", errors);
  // Until then Istio recognizes a Secret with only a CA by this name.
  if (!tls.ca_credential.empty() && mesh.version < Version{1, 10, 0})
    errors.require(tls.ca_credential.ends_with("-cacert"), "spec.tls.caCredentialName",
                   "Istio " + mesh.version.text() +
                       " reads a CA only from a Secret whose name ends with \"-cacert\", not from \"" +
                       printable(tls.ca_credential, 300) + "\"");
}

void check_probe(const Design& design, FieldErrors& errors) {
  if (!design.egress.probe) return;
  const std::string& tag = design.egress.workload.tag;
  const bool distroless = tag.empty() ? design.mesh.distroless : tag.ends_with("-distroless");
  errors.require(!distroless, "spec.probe.path",
                 "the probe needs curl in the proxy's image, and the distroless image has none; set "
                 "spec.gateway.image.tag to an image with curl (" +
                     design.mesh.version.text() + "), or remove the probe");
}

}  // namespace

void check_istio_support(const Design& design) {
  FieldErrors errors;
  check_secrets(design, errors);
  check_probe(design, errors);
  errors.throw_if_any();
}

}  // namespace egress::mesh
