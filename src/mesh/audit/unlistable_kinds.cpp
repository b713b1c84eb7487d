#include <algorithm>

#include "egress/mesh/audit/phrases.hpp"
#include "egress/mesh/audit/rules.hpp"

namespace egress::mesh {

/// Reports each kind that could not be listed.
void find_unlistable_kinds(std::span<const AuditedGateway>, const AuditIndex& index,
                           std::vector<Finding>& findings) {
  std::vector<kube::Kind> reported;
  for (const UnlistableKind& unlistable : index.snapshot.unlistable) {
    if (std::ranges::find(reported, unlistable.kind) != reported.end()) continue;
    reported.push_back(unlistable.kind);
    std::set<std::string> namespaces;
    for (const UnlistableKind& other : index.snapshot.unlistable)
      if (other.kind == unlistable.kind && !other.ns.empty()) namespaces.insert(other.ns);
    const std::string where =
        namespaces.empty() ? "in all namespaces" : "even in " + namespaces_text(namespaces);
    findings.push_back({Severity::info,
                        "Unseen",
                        {{unlistable.kind, std::string(unlistable.kind.versions.front())}, "", ""},
                        {},
                        "this user may not list " + std::string(unlistable.kind.plural) + " " + where +
                            ": their effect on the gateways was not checked",
                        {}});
  }
}

}  // namespace egress::mesh
