#include <algorithm>

#include "egress/mesh/audit/commands.hpp"
#include "egress/mesh/audit/phrases.hpp"
#include "egress/mesh/audit/rules.hpp"

namespace egress::mesh {
namespace {

/// The gateway's hosts that a Sidecar does not import, in the form of its `hosts` field.
struct MissingHosts {
  Json hosts{Json::Array{}};
  bool misses_route = false;  ///< a host of the callers' VirtualService is missing, not only the Service
};

MissingHosts missing_hosts(const AuditedGateway& gateway, const SidecarScope& sidecar) {
  MissingHosts missing;
  const std::string& ns = gateway.egress.ns;
  for (const std::string& host : gateway.egress.hosts) {
    if (sidecar.imports(ns, host)) continue;
    missing.hosts.push(ns + "/" + host);
    missing.misses_route = true;
  }
  if (!sidecar.imports(ns, gateway.service)) missing.hosts.push(ns + "/" + gateway.service);
  return missing;
}

std::string import_command(const SidecarScope& sidecar, const Json& hosts) {
  Json operations;
  for (const Json& host : hosts.items())
    operations.push(object({{"op", "add"}, {"path", "/spec/egress/0/hosts/-"}, {"value", host}}));
  return json_patch_command(sidecar.reference, operations);
}

/// The proxies that the Sidecar applies to.
std::string affected_callers(const SidecarScope& sidecar, const Mesh& mesh) {
  const std::string& ns = sidecar.reference.ns;
  if (!sidecar.selects_all_pods) return "the pods that it selects in namespace " + quoted(ns);
  return ns == mesh.root_namespace ? "every namespace without a Sidecar of its own"
                                   : "namespace " + quoted(ns);
}

Finding missing_hosts_finding(const AuditedGateway& gateway, const SidecarScope& sidecar,
                              const MissingHosts& missing, const std::string& more, const Mesh& mesh) {
  std::vector<std::string> hosts;
  for (const Json& host : missing.hosts.items()) hosts.push_back(host.as_string());
  const std::string effect = missing.misses_route ? " have no route to this gateway"
                                                  : " may have no listener for the gateway's port";
  return gateway.finding(missing.misses_route ? Severity::warning : Severity::info, "SidecarNotImporting",
                         sidecar.reference,
                         full_name(sidecar.reference) + more + " does not import " + quoted_list(hosts) +
                             ": callers in " + affected_callers(sidecar, mesh) + effect,
                         import_command(sidecar, missing.hosts));
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
  std::vector<std::pair<const SidecarScope*, MissingHosts>> incomplete;
  for (const SidecarScope& sidecar : index.sidecars) {
    const std::string& ns = sidecar.reference.ns;
    const bool is_for_mesh = sidecar.selects_all_pods && ns == index.mesh.root_namespace;
    const bool is_relevant = callers.empty() || std::ranges::find(callers, ns) != callers.end() ||
                             (is_for_mesh && any_without_sidecar(callers, index));
    if (!is_relevant || !(is_for_mesh || gateway.scope.is_visible_in(ns))) continue;
    MissingHosts missing = missing_hosts(gateway, sidecar);
    if (missing.hosts.items().empty()) continue;
    if (callers.empty())
      incomplete.emplace_back(&sidecar, std::move(missing));
    else
      findings.push_back(missing_hosts_finding(gateway, sidecar, missing, "", index.mesh));
  }
  if (incomplete.empty()) return;
  // The most severe one represents all of them.
  std::ranges::stable_sort(
      incomplete, [](const auto& a, const auto& b) { return a.second.misses_route > b.second.misses_route; });
  const std::string more =
      incomplete.size() == 1 ? "" : " (and " + std::to_string(incomplete.size() - 1) + " more like it)";
  findings.push_back(
      missing_hosts_finding(gateway, *incomplete.front().first, incomplete.front().second, more, index.mesh));
}

}  // namespace egress::mesh
