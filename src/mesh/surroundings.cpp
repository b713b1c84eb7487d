#include "egress/mesh/surroundings.hpp"

#include <algorithm>

namespace egress::mesh {
namespace {

const kube::Resource secret{kube::kinds::secret};

}  // namespace

bool Surroundings::sees(const kube::Kind& kind) const {
  return std::ranges::find(hidden, kind, &Hidden::kind) == hidden.end();
}

bool Surroundings::sees_members(const kube::Kind& kind, const std::string& ns) const {
  return (member_ns.empty() || member_ns == ns) &&
         std::ranges::find(member_kinds, kind) != member_kinds.end();
}

bool Surroundings::is_missing(const Reference& reference) const {
  const auto at = named.find(reference.key());
  return at != named.end() && !at->second;
}

const Json* Surroundings::find(const Reference& reference) const {
  const auto at = named.find(reference.key());
  return at != named.end() && at->second ? &*at->second : nullptr;
}

void Surroundings::set_named(const Reference& reference, std::optional<Json> object) {
  named[reference.key()] = std::move(object);
}

std::string ca_secret_name(const std::string& credential) {
  constexpr std::string_view suffix = "-cacert";
  return credential.ends_with(suffix) ? credential : credential + std::string(suffix);
}

std::vector<Reference> named_objects(const Egress& egress) {
  std::vector<Reference> found;
  auto add_secret = [&](const std::string& ns, const std::string& name) {
    if (!name.empty()) found.push_back({secret, ns, name});
  };
  for (const std::string& credential : {egress.tls.ca_credential, egress.tls.credential}) {
    add_secret(egress.ns, credential);
    if (!credential.empty() && ca_secret_name(credential) != credential)
      add_secret(egress.ns, ca_secret_name(credential));
  }
  if (egress.ingress) add_secret(egress.ingress->ns, egress.ingress->credential);
  for (const Caller& caller : egress.mesh.allow)
    if (!caller.service_account.empty())
      found.push_back({{kube::kinds::service_account}, caller.ns, caller.service_account});
  if (egress.opa && !egress.opa->config_map.empty())
    found.push_back({{kube::kinds::config_map}, egress.ns, egress.opa->config_map});
  return found;
}

}  // namespace egress::mesh
