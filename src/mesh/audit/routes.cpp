#include <algorithm>
#include <map>

#include "egress/mesh/audit/commands.hpp"
#include "egress/mesh/audit/phrases.hpp"
#include "egress/mesh/audit/rules.hpp"
#include "egress/mesh/istio_kinds.hpp"

namespace egress::mesh {
namespace {

/// The namespaces whose sidecars see two VirtualServices for one host, by which of the two they use.
struct Precedence {
  bool lost_everywhere = false;
  bool kept_everywhere = false;
  std::set<std::string> lost_in;
  std::set<std::string> kept_in;

  bool is_lost() const { return lost_everywhere || !lost_in.empty(); }
  bool is_kept() const { return kept_everywhere || !kept_in.empty(); }
  std::string lost_text() const { return lost_everywhere ? "every namespace" : namespaces_text(lost_in); }
};

/// A sidecar prefers VirtualServices that are private to its namespace, then those exported to it by name,
/// then public ones (pilot/pkg/model/push_context.go, initVirtualServices).
int export_rank(const ExportScope& scope, const std::string& ns) {
  if (scope.is_public()) return 2;
  return ns == scope.owner() ? 0 : 1;
}

Precedence compare_precedence(const ExportScope& ours, const ExportScope& theirs, bool theirs_is_older) {
  Precedence result;
  if (ours.is_public() && theirs.is_public()) {
    (theirs_is_older ? result.lost_everywhere : result.kept_everywhere) = true;
    return result;
  }
  std::set<std::string> namespaces = ours.namespaces();
  namespaces.insert(theirs.namespaces().begin(), theirs.namespaces().end());
  for (const std::string& ns : namespaces) {
    if (!ours.is_visible_in(ns) || !theirs.is_visible_in(ns)) continue;
    const int difference = export_rank(theirs, ns) - export_rank(ours, ns);
    (difference < 0 || (difference == 0 && theirs_is_older) ? result.lost_in : result.kept_in).insert(ns);
  }
  return result;
}

/// The finding if sidecars use the other VirtualService.
Finding lost_finding(const AuditedGateway& gateway, const ExportedObject& other,
                     const std::vector<std::string>& hosts, const Precedence& result) {
  const std::string other_name = other.is_managed ? other.owner_name() : full_name(other.reference);
  std::string fix = edit_command(other.reference);
  if (other.is_managed) fix = gateway.exists ? delete_command(gateway.egress.name, gateway.egress.ns) : "";
  return gateway.finding(
      Severity::error, "IST0109", other.reference,
      other_name + " has the same host " + quoted_list(hosts) + " and takes precedence in " +
          result.lost_text() +
          ": sidecars use only one VirtualService per host, so callers there do not reach this gateway",
      std::move(fix));
}

/// The finding if sidecars use this gateway's VirtualService.
Finding kept_finding(const AuditedGateway& gateway, const ExportedObject& other,
                     const std::vector<std::string>& hosts) {
  if (!other.is_managed)
    return gateway.finding(Severity::warning, "IST0109", other.reference,
                           full_name(other.reference) + " has the same host " + quoted_list(hosts) +
                               ", but this gateway's VirtualService takes precedence: sidecars that see both "
                               "ignore the other one with all its routes",
                           edit_command(other.reference));
  return gateway.finding(
      Severity::warning, "IST0109", other.reference,
      other.owner_name() + " has the same host " + quoted_list(hosts) +
          ", but this gateway takes precedence: no traffic is routed to the other one",
      delete_command(other.labels()["app.kubernetes.io/instance"].as_string(), other.reference.ns));
}

/// Reports routes with a more specific host than the gateway's wildcard.
void find_more_specific(const AuditedGateway& gateway, const AuditIndex& index,
                        std::vector<Finding>& findings) {
  for (const std::string& host : gateway.egress.hosts) {
    if (!host.starts_with('*')) continue;
    for (const auto& [name, other] : index.routes_by_host.subdomain_matches(host)) {
      if (gateway.owns(*other) || other->is_managed) continue;
      const Precedence result = compare_precedence(gateway.scope, other->scope, true);
      if (!result.is_lost() && !result.is_kept()) continue;
      findings.push_back(gateway.finding(Severity::warning, "NarrowerRoute", other->reference,
                                         full_name(other->reference) + " has the host " + quoted(name) +
                                             ", which is more specific than the gateway's " + quoted(host) +
                                             ": requests for it do not reach this gateway",
                                         edit_command(other->reference)));
    }
  }
}

}  // namespace

void find_route_conflicts(const AuditedGateway& gateway, const AuditIndex& index,
                          std::vector<Finding>& findings) {
  std::map<const ExportedObject*, std::vector<std::string>> others;
  for (const std::string& name : gateway.names)
    for (const ExportedObject* other : index.routes_by_host.exact_matches(name))
      if (!gateway.owns(*other)) others[other].push_back(name);
  for (const auto& [other, hosts] : others) {
    const bool is_older = gateway.route == nullptr || other->precedes(*gateway.route);
    const Precedence result = compare_precedence(gateway.scope, other->scope, is_older);
    if (result.is_lost())
      findings.push_back(lost_finding(gateway, *other, hosts, result));
    else if (result.is_kept())
      findings.push_back(kept_finding(gateway, *other, hosts));
  }
  find_more_specific(gateway, index, findings);
}

/// Compares planned gateways with each other: it is not known which route will be older.
void find_shared_hosts(std::span<const AuditedGateway> gateways, const AuditIndex&,
                       std::vector<Finding>& findings) {
  std::map<std::string, const AuditedGateway*> first;
  for (const AuditedGateway& gateway : gateways) {
    if (gateway.route != nullptr) continue;
    std::map<const AuditedGateway*, std::vector<std::string>> shared;
    for (const std::string& name : gateway.names) {
      const AuditedGateway* other = first.try_emplace(name, &gateway).first->second;
      if (other == &gateway) continue;
      const Precedence result = compare_precedence(gateway.scope, other->scope, true);
      if (result.is_lost() || result.is_kept()) shared[other].push_back(name);
    }
    for (const auto& [other, hosts] : shared)
      findings.push_back(
          gateway.finding(Severity::error, "IST0109", gateway_reference(other->egress),
                          other->full_name() + " has the same host " + quoted_list(hosts) +
                              ": sidecars use only one VirtualService per host, so one of the two gateways "
                              "would get no traffic",
                          gateway.exists ? delete_command(gateway.egress.name, gateway.egress.ns) : ""));
  }
}

}  // namespace egress::mesh
