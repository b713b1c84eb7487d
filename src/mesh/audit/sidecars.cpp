#include <algorithm>

#include "egress/mesh/audit/commands.hpp"
#include "egress/mesh/audit/phrases.hpp"
#include "egress/mesh/audit/rules.hpp"

namespace egress::mesh {
namespace {

/// The gateway's hosts that a Sidecar does not import, in the form of its `hosts` field.
struct Missing {
  Json imports{Json::Array{}};
  bool route = false;  ///< a host of the callers' VirtualService is missing, not only the Service
};

Missing missing_in(const AuditedGateway& gateway, const SidecarScope& sidecar) {
  Missing missing;
  const std::string& ns = gateway.egress.ns;
  for (const std::string& host : gateway.egress.hosts) {
    if (sidecar.has(ns, host)) continue;
    missing.imports.push(ns + "/" + host);
    missing.route = true;
  }
  if (!sidecar.has(ns, gateway.service)) missing.imports.push(ns + "/" + gateway.service);
  return missing;
}

std::string import_command(const SidecarScope& sidecar, const Json& imports) {
  Json operations;
  for (const Json& host : imports.items())
    operations.push(object({{"op", "add"}, {"path", "/spec/egress/0/hosts/-"}, {"value", host}}));
  return json_patch_command(sidecar.reference, operations);
}

/// The proxies that the Sidecar applies to.
std::string whose(const SidecarScope& sidecar, const Mesh& mesh) {
  const std::string& ns = sidecar.reference.ns;
  if (!sidecar.for_all) return "the pods that it selects in namespace " + quoted(ns);
  return ns == mesh.root_namespace ? "every namespace without a Sidecar of its own"
                                   : "namespace " + quoted(ns);
}

Finding not_imported(const AuditedGateway& gateway, const SidecarScope& sidecar, const Missing& missing,
                     const std::string& more, const Mesh& mesh) {
  std::vector<std::string> hosts;
  for (const Json& host : missing.imports.items()) hosts.push_back(host.as_string());
  const std::string effect =
      missing.route ? " have no route to this gateway" : " may have no listener for the gateway's port";
  return gateway.finding(missing.route ? Severity::warning : Severity::info, "SidecarNotImporting",
                         sidecar.reference,
                         full_name(sidecar.reference) + more + " does not import " + quoted_list(hosts) +
                             ": callers in " + whose(sidecar, mesh) + effect,
                         import_command(sidecar, missing.imports));
}

/// True if the root namespace's Sidecar applies to one of the callers.
bool any_without_sidecar(const std::vector<std::string>& callers, const AuditIndex& index) {
  return std::ranges::any_of(
      callers, [&](const std::string& ns) { return !index.namespaces_with_sidecar.contains(ns); });
}

}  // namespace

/// With spec.mesh.allow there is a finding for each Sidecar. Without it there is one for all Sidecars,
/// because most of them exclude the gateway on purpose.
void find_missing_imports(const AuditedGateway& gateway, const AuditIndex& index,
                          std::vector<Finding>& findings) {
  const std::vector<std::string> callers = gateway.callers();
  std::vector<std::pair<const SidecarScope*, Missing>> open;
  for (const SidecarScope& sidecar : index.sidecars) {
    const std::string& ns = sidecar.reference.ns;
    const bool for_mesh = sidecar.for_all && ns == index.mesh.root_namespace;
    const bool concerns = callers.empty() || std::ranges::find(callers, ns) != callers.end() ||
                          (for_mesh && any_without_sidecar(callers, index));
    if (!concerns || !(for_mesh || gateway.scope.is_visible_in(ns))) continue;
    Missing missing = missing_in(gateway, sidecar);
    if (missing.imports.items().empty()) continue;
    if (callers.empty())
      open.emplace_back(&sidecar, std::move(missing));
    else
      findings.push_back(not_imported(gateway, sidecar, missing, "", index.mesh));
  }
  if (open.empty()) return;
  // The most severe one represents all of them.
  std::ranges::stable_sort(open,
                           [](const auto& a, const auto& b) { return a.second.route > b.second.route; });
  const std::string more =
      open.size() == 1 ? "" : " (and " + std::to_string(open.size() - 1) + " more like it)";
  findings.push_back(not_imported(gateway, *open.front().first, open.front().second, more, index.mesh));
}

}  // namespace egress::mesh
