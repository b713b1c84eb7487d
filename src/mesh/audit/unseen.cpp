#include <algorithm>

#include "egress/mesh/audit/phrases.hpp"
#include "egress/mesh/audit/rules.hpp"

namespace egress::mesh {

/// One for each kind: what is not seen is neither well nor wrong.
void find_unseen(std::span<const Subject>, const Neighbourhood& around, std::vector<Finding>& found) {
  std::vector<kube::Kind> told;
  for (const Hidden& hidden : around.all.hidden) {
    if (std::ranges::find(told, hidden.kind) != told.end()) continue;
    told.push_back(hidden.kind);
    std::set<std::string> places;
    for (const Hidden& one : around.all.hidden)
      if (one.kind == hidden.kind && !one.ns.empty()) places.insert(one.ns);
    const std::string where = places.empty() ? "in all namespaces" : "even in " + namespaces_text(places);
    found.push_back({Severity::info,
                     "Unseen",
                     {{hidden.kind, std::string(hidden.kind.versions.front())}, "", ""},
                     {},
                     "this user may not look at " + std::string(hidden.kind.plural) + " " + where +
                         ": what they would stop or open was not checked",
                     {}});
  }
}

}  // namespace egress::mesh
