#include "egress/mesh/support.hpp"

#include "egress/base/text.hpp"
#include "egress/mesh/faults.hpp"

namespace egress::mesh {
namespace {

/// The agent of 1.7 passes over Secrets of such names (security/pkg/nodeagent/secretfetcher, isGatewaySecret,
/// 1.7.0).
bool is_passed_over(const std::string& secret) {
  return secret.starts_with("istio") || secret.starts_with("prometheus");
}

void check_secret_name(const Mesh& mesh, const std::string& secret, const std::string& instead,
                       const std::string& field, Faults& faults) {
  if (secret.empty() || mesh.version >= Version{1, 8, 0}) return;
  faults.unless(!is_passed_over(secret), field,
                "Istio " + mesh.version.text() +
                    " ignores Secrets whose names begin with \"istio\" or "
                    "\"prometheus\", and \"" +
                    printable(secret, 300) + "\" is one: " + instead);
}

void check_secrets(const Design& design, Faults& faults) {
  const Mesh& mesh = design.mesh;
  const UpstreamTls& tls = design.egress.tls;
  const std::string rename = "give it another name";
  check_secret_name(mesh, tls.ca_credential, rename, "spec.tls.caCredentialName", faults);
  check_secret_name(mesh, tls.credential, rename, "spec.tls.credentialName", faults);
  if (design.egress.ingress)
    check_secret_name(mesh, design.egress.ingress->credential, rename, "spec.ingress.credentialName", faults);
  if (needs_roots(design.egress, mesh))
    check_secret_name(mesh, design.name(), "choose another NAME", "metadata.name", faults);
  // Until then only this name is taken for one of a CA alone.
  if (!tls.ca_credential.empty() && mesh.version < Version{1, 10, 0})
    faults.unless(tls.ca_credential.ends_with("-cacert"), "spec.tls.caCredentialName",
                  "Istio " + mesh.version.text() +
                      " takes a CA only from a Secret whose name ends with "
                      "\"-cacert\", and \"" +
                      printable(tls.ca_credential, 300) + "\" does not");
}

void check_probe(const Design& design, Faults& faults) {
  if (!design.egress.probe) return;
  const std::string& tag = design.egress.workload.tag;
  const bool distroless = tag.empty() ? design.mesh.distroless : tag.ends_with("-distroless");
  faults.unless(!distroless, "spec.probe.path",
                "--probe-path asks with curl inside the proxy's container, and the distroless image has "
                "none: use an image that has it (--tag " +
                    design.mesh.version.text() + "), or leave the probe out");
}

}  // namespace

void check_support(const Design& design) {
  Faults faults;
  check_secrets(design, faults);
  check_probe(design, faults);
  faults.throw_if_any();
}

}  // namespace egress::mesh
