#include <algorithm>

#include "egress/mesh/audit/commands.hpp"
#include "egress/mesh/audit/phrases.hpp"
#include "egress/mesh/audit/rules.hpp"

namespace egress::mesh {
namespace {

/// What a Sidecar does not let its proxies see of the gateway, as its `hosts` would have to name it.
struct Missing {
  Json imports{Json::Array{}};
  bool route = false;  ///< of the callers' VirtualService, not only of the Service
};

Missing missing_in(const Subject& subject, const Imports& sidecar) {
  Missing missing;
  const std::string& ns = subject.egress.ns;
  for (const std::string& host : subject.egress.hosts) {
    if (sidecar.has(ns, host)) continue;
    missing.imports.push(ns + "/" + host);
    missing.route = true;
  }
  if (!sidecar.has(ns, subject.service)) missing.imports.push(ns + "/" + subject.service);
  return missing;
}

std::string import_command(const Imports& sidecar, const Json& imports) {
  Json operations;
  for (const Json& host : imports.items())
    operations.push(object({{"op", "add"}, {"path", "/spec/egress/0/hosts/-"}, {"value", host}}));
  return json_patch_command(sidecar.reference, operations);
}

/// Whose proxies it is for: its namespace's, or in the root namespace those of all namespaces without one.
std::string whose(const Imports& sidecar, const Mesh& mesh) {
  const std::string& ns = sidecar.reference.ns;
  if (!sidecar.for_all) return "the pods that it selects in namespace " + quoted(ns);
  return ns == mesh.root_namespace ? "every namespace without a Sidecar of its own"
                                   : "namespace " + quoted(ns);
}

Finding not_imported(const Subject& subject, const Imports& sidecar, const Missing& missing,
                     const std::string& more, const Mesh& mesh) {
  std::vector<std::string> hosts;
  for (const Json& host : missing.imports.items()) hosts.push_back(host.as_string());
  const std::string effect =
      missing.route ? " have no route to this gateway" : " may have no listener for the gateway's port";
  return subject.finding(missing.route ? Severity::warning : Severity::info, "SidecarNotImporting",
                         sidecar.reference,
                         named(sidecar.reference) + more + " does not import " + listed(hosts) +
                             ": callers in " + whose(sidecar, mesh) + effect,
                         import_command(sidecar, missing.imports));
}

/// True where one of the named callers lives by the root namespace's Sidecar.
bool any_unsettled(const std::vector<std::string>& callers, const Neighbourhood& around) {
  return std::ranges::any_of(callers, [&](const std::string& ns) { return !around.settled.contains(ns); });
}

}  // namespace

/// Callers that are named are named here; of a gateway for everyone the Sidecars that leave it out are told
/// in one finding, for most of them mean to.
void find_closed_sidecars(const Subject& subject, const Neighbourhood& around, std::vector<Finding>& found) {
  const std::vector<std::string> callers = subject.callers();
  std::vector<std::pair<const Imports*, Missing>> open;
  for (const Imports& sidecar : around.sidecars) {
    const std::string& ns = sidecar.reference.ns;
    const bool for_mesh = sidecar.for_all && ns == around.mesh.root_namespace;
    const bool concerns = callers.empty() || std::ranges::find(callers, ns) != callers.end() ||
                          (for_mesh && any_unsettled(callers, around));
    if (!concerns || !(for_mesh || subject.scope.reaches(ns))) continue;
    Missing missing = missing_in(subject, sidecar);
    if (missing.imports.items().empty()) continue;
    if (callers.empty())
      open.emplace_back(&sidecar, std::move(missing));
    else
      found.push_back(not_imported(subject, sidecar, missing, "", around.mesh));
  }
  if (open.empty()) return;
  // The worst one stands for all.
  std::ranges::stable_sort(open,
                           [](const auto& a, const auto& b) { return a.second.route > b.second.route; });
  const std::string more =
      open.size() == 1 ? "" : " (and " + std::to_string(open.size() - 1) + " more like it)";
  found.push_back(not_imported(subject, *open.front().first, open.front().second, more, around.mesh));
}

}  // namespace egress::mesh
