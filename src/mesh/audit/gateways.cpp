#include <algorithm>
#include <set>

#include "egress/mesh/audit/commands.hpp"
#include "egress/mesh/audit/phrases.hpp"
#include "egress/mesh/audit/rules.hpp"
#include "egress/mesh/callers_port.hpp"

namespace egress::mesh {
namespace {

/// True if the other Gateway has a server on that port for one of the hosts.
bool has_server_for(const WorkloadSelector& other, int number, const std::vector<std::string>& hosts) {
  return std::ranges::any_of(served_hosts(other, number), [&](const std::string& host) {
    return std::ranges::find(hosts, host) != hosts.end();
  });
}

bool has_server(const WorkloadSelector& other, int number) {
  return std::ranges::any_of(other.spec()["servers"].items(), [&](const Json& server) {
    return server["port"]["number"].as_integer() == number;
  });
}

/// True if Gateways only select pods of their own namespace. Off by default (pilot/pkg/features/pilot.go).
bool is_scoped_to_namespace(const AuditIndex& index) {
  const auto& istiods = index.revisions.istiods;
  return std::ranges::any_of(istiods, [](const ControlPlane& istiod) {
    return istiod.variable("PILOT_SCOPE_GATEWAY_TO_NAMESPACE") == "true";
  });
}

std::string selection_text(const WorkloadSelector& rule) {
  return rule.selector.members().empty() ? " selects the pods of every gateway, including this one"
                                         : " selects this gateway's pods";
}

/// The consequence of a Gateway that selects the gateway's pods.
std::string effect_text(const WorkloadSelector& other, const AuditedGateway& gateway) {
  const int number = callers_port(gateway.egress).number;
  if (!has_server(other, number)) return "its servers and routes are added to them";
  return "both have a server on port " + std::to_string(number) + ", and Istio drops the later one";
}

/// Gateways share the ingress gateway's pods, but each host can have only one server there.
void find_ingress_conflicts(const AuditedGateway& gateway, const AuditIndex& index,
                            std::vector<Finding>& findings) {
  if (!gateway.egress.ingress) return;
  const Ingress& ingress = *gateway.egress.ingress;
  std::set<const WorkloadSelector*> others;
  for (const std::string& host : ingress.hosts)
    if (const auto at = index.gateways_by_host.find(host); at != index.gateways_by_host.end())
      others.insert(at->second.begin(), at->second.end());
  for (const WorkloadSelector* other : others) {
    if (gateway.owns(*other) || !selects(other->selector, ingress.selector)) continue;
    findings.push_back(gateway.finding(Severity::error, "IST0145", other->reference,
                                       full_name(other->reference) +
                                           " has an exposed host on port 443 of the same ingress gateway: "
                                           "Istio drops the later of the two servers",
                                       edit_command(other->reference)));
  }
}

}  // namespace

void find_foreign_gateways(const AuditedGateway& gateway, const AuditIndex& index,
                           std::vector<Finding>& findings) {
  const bool is_scoped = is_scoped_to_namespace(index);
  const int number = callers_port(gateway.egress).number;
  for (const WorkloadSelector* other : index.gateways_by_label.matches(gateway.labels)) {
    if (gateway.owns(*other) || (is_scoped && other->reference.ns != gateway.egress.ns)) continue;
    const bool has_same_host = has_server_for(*other, number, gateway.names);
    findings.push_back(gateway.finding(
        Severity::error, has_same_host ? "IST0145" : "ForeignGateway", other->reference,
        full_name(other->reference) + selection_text(*other) + ": " + effect_text(*other, gateway),
        edit_command(other->reference)));
  }
  find_ingress_conflicts(gateway, index, findings);
}

}  // namespace egress::mesh
