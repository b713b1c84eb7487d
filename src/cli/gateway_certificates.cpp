#include "egress/cli/gateway_certificates.hpp"

#include <algorithm>

#include "egress/base/digest.hpp"
#include "egress/base/error.hpp"
#include "egress/base/file.hpp"
#include "egress/http/curl_transport.hpp"
#include "egress/kube/applyset.hpp"

namespace egress::cli {
namespace {

std::string read_system_roots(const mesh::Mesh& mesh) {
  const std::string file = http::system_roots_file();
  if (file.empty() || !file_exists(file))
    throw Error("Istio " + mesh.version.text() +
                    " needs the system roots in a Secret to verify external services, but this machine has "
                    "no root certificates",
                "install them: apt-get install ca-certificates");
  return read_file(file);
}

bool is_self_signed(const mesh::Design& design) {
  return design.egress.ingress && design.egress.ingress->self_signed;
}

CertificateRequest self_signing_options(const mesh::Design& design) {
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  return {design.egress.ingress->hosts, now};
}

/// The certificate that an earlier run stored.
SelfSignedCertificate read_stored_certificate(const Json& secret) {
  auto text = [&](const char* key) { return decode_base64(secret["data"][key].as_string()).value_or(""); };
  return {text("ca.crt"), text("ca.key"), text("tls.crt"), text("tls.key")};
}

bool is_still_valid(const SelfSignedCertificate& current, const CertificateRequest& options) {
  const Certificate leaf = read_certificates(current.certificate).front();
  const auto renewal = leaf.not_after - (leaf.not_after - leaf.not_before) / 3;
  return options.now < renewal && key_matches(current.certificate, current.key) &&
         std::ranges::all_of(options.hosts,
                             [&](const std::string& host) { return covers_host(current.certificate, host); });
}

/// Keeps a certificate that is still valid. Otherwise renews it with the same CA, or creates a new CA if that
/// is not possible.
SelfSignedCertificate keep_or_renew(const SelfSignedCertificate& current, const CertificateRequest& options) {
  try {
    return is_still_valid(current, options) ? current : renew_self_signed_certificate(current, options);
  } catch (const Error&) {
    return create_self_signed_certificate(options);
  }
}

}  // namespace

void add_root_certificates(mesh::Design& design) {
  if (mesh::needs_root_certificates(design.egress, design.mesh))
    design.root_certificates = read_system_roots(design.mesh);
}

void add_generated_certificates(mesh::Design& design) {
  add_root_certificates(design);
  if (is_self_signed(design))
    design.self_signed = create_self_signed_certificate(self_signing_options(design));
}

void add_self_signed_certificate(mesh::Design& design, kube::Cluster& cluster) {
  if (!is_self_signed(design)) return;
  const mesh::Ingress& ingress = *design.egress.ingress;
  const kube::Resource secret{kube::kinds::secret};
  const auto answer = cluster.send(kube::get(secret, ingress.ns, ingress.credential));
  const std::string& owner = answer.body["metadata"]["labels"][kube::applyset::part_of_label].as_string();
  const bool is_owned = answer.ok() && owner == mesh::record_id(design.egress.name, design.egress.ns);
  design.self_signed = is_owned
                           ? keep_or_renew(read_stored_certificate(answer.body), self_signing_options(design))
                           : create_self_signed_certificate(self_signing_options(design));
}

}  // namespace egress::cli
