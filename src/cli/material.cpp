#include "egress/cli/material.hpp"

#include <algorithm>

#include "egress/base/digest.hpp"
#include "egress/base/error.hpp"
#include "egress/base/file.hpp"
#include "egress/http/curl_transport.hpp"
#include "egress/kube/applyset.hpp"

namespace egress::cli {
namespace {

std::string public_roots(const mesh::Mesh& mesh) {
  const std::string file = http::system_roots_file();
  if (file.empty() || !file_exists(file))
    throw Error("Istio " + mesh.version.text() +
                    " verifies external services only with root certificates in a Secret, and this machine "
                    "has none to put there",
                "Install them: apt-get install ca-certificates");
  return read_file(file);
}

bool wants_certificate(const mesh::Design& design) {
  return design.egress.ingress && design.egress.ingress->self_signed;
}

SelfSigning signing(const mesh::Design& design) {
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  return {design.egress.ingress->hosts, now};
}

/// What an earlier run stored.
SelfSigned stored(const Json& secret) {
  auto text = [&](const char* key) { return base64_decoded(secret["data"][key].as_string()).value_or(""); };
  return {text("ca.crt"), text("ca.key"), text("tls.crt"), text("tls.key")};
}

bool serves(const SelfSigned& held, const SelfSigning& wish) {
  const Certificate leaf = read_certificates(held.certificate).front();
  const auto renewal = leaf.not_after - (leaf.not_after - leaf.not_before) / 3;
  return wish.now < renewal && key_matches(held.certificate, held.key) &&
         std::ranges::all_of(wish.hosts,
                             [&](const std::string& host) { return covers_host(held.certificate, host); });
}

/// The certificate that stands, or the next one: by the same CA, where that may sign it.
SelfSigned continued(const SelfSigned& held, const SelfSigning& wish) {
  try {
    return serves(held, wish) ? held : renew_self_signed(held, wish);
  } catch (const Error&) {
    return make_self_signed(wish);
  }
}

}  // namespace

void add_roots(mesh::Design& design) {
  if (mesh::needs_roots(design.egress, design.mesh)) design.roots = public_roots(design.mesh);
}

void add_material(mesh::Design& design) {
  add_roots(design);
  if (wants_certificate(design)) design.self_signed = make_self_signed(signing(design));
}

void add_certificate(mesh::Design& design, kube::Cluster& cluster) {
  if (!wants_certificate(design)) return;
  const mesh::Ingress& ingress = *design.egress.ingress;
  const kube::Resource secret{kube::kinds::secret};
  const auto answer = cluster.send(kube::get(secret, ingress.ns, ingress.credential));
  const std::string& set = answer.body["metadata"]["labels"][kube::applyset::part_of_label].as_string();
  const bool ours = answer.ok() && set == mesh::record_id(design.egress.name, design.egress.ns);
  design.self_signed =
      ours ? continued(stored(answer.body), signing(design)) : make_self_signed(signing(design));
}

}  // namespace egress::cli
