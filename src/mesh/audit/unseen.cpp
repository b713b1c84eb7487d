#include <algorithm>

#include "egress/mesh/audit/phrases.hpp"
#include "egress/mesh/audit/rules.hpp"

namespace egress::mesh {

/// Reports each kind that could not be listed.
void find_unlistable_kinds(std::span<const AuditedGateway>, const AuditIndex& index,
                           std::vector<Finding>& findings) {
  std::vector<kube::Kind> told;
  for (const UnlistableKind& hidden : index.all.unlistable) {
    if (std::ranges::find(told, hidden.kind) != told.end()) continue;
    told.push_back(hidden.kind);
    std::set<std::string> places;
    for (const UnlistableKind& one : index.all.unlistable)
      if (one.kind == hidden.kind && !one.ns.empty()) places.insert(one.ns);
    const std::string where = places.empty() ? "in all namespaces" : "even in " + namespaces_text(places);
    findings.push_back({Severity::info,
                        "Unseen",
                        {{hidden.kind, std::string(hidden.kind.versions.front())}, "", ""},
                        {},
                        "this user may not list " + std::string(hidden.kind.plural) + " " + where +
                            ": their effect on the gateways was not checked",
                        {}});
  }
}

}  // namespace egress::mesh
