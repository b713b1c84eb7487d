#include "egress/mesh/audit_snapshot.hpp"

#include <algorithm>

namespace egress::mesh {
namespace {

const kube::Resource secret{kube::kinds::secret};

}  // namespace

bool AuditSnapshot::has_listed(const kube::Kind& kind) const {
  return std::ranges::find(unlistable, kind, &UnlistableKind::kind) == unlistable.end();
}

bool AuditSnapshot::has_listed_members(const kube::Kind& kind, const std::string& ns) const {
  return (member_ns.empty() || member_ns == ns) &&
         std::ranges::find(member_kinds, kind) != member_kinds.end();
}

bool AuditSnapshot::is_missing(const Reference& reference) const {
  const auto at = referenced.find(reference.key());
  return at != referenced.end() && !at->second;
}

const Json* AuditSnapshot::find(const Reference& reference) const {
  const auto at = referenced.find(reference.key());
  return at != referenced.end() && at->second ? &*at->second : nullptr;
}

void AuditSnapshot::set_referenced(const Reference& reference, std::optional<Json> object) {
  referenced[reference.key()] = std::move(object);
}

std::string ca_secret_name(const std::string& credential) {
  constexpr std::string_view suffix = "-cacert";
  return credential.ends_with(suffix) ? credential : credential + std::string(suffix);
}

std::vector<Reference> referenced_objects(const Egress& egress) {
  std::vector<Reference> references;
  auto add_secret = [&](const std::string& ns, const std::string& name) {
    if (!name.empty()) references.push_back({secret, ns, name});
  };
  for (const std::string& credential : {egress.tls.ca_credential, egress.tls.credential}) {
    add_secret(egress.ns, credential);
    if (!credential.empty() && ca_secret_name(credential) != credential)
      add_secret(egress.ns, ca_secret_name(credential));
  }
  if (egress.ingress) add_secret(egress.ingress->ns, egress.ingress->credential);
  for (const Caller& caller : egress.mesh.allow)
    if (!caller.service_account.empty())
      references.push_back({{kube::kinds::service_account}, caller.ns, caller.service_account});
  if (egress.opa && !egress.opa->config_map.empty())
    references.push_back({{kube::kinds::config_map}, egress.ns, egress.opa->config_map});
  return references;
}

}  // namespace egress::mesh
