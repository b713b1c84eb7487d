#include "egress/mesh/audit.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <tuple>
#include <unordered_map>

#include "egress/mesh/audit/rules.hpp"

namespace egress::mesh {
namespace {

constexpr std::array mesh_rules{
    find_outbound_policy, find_ambiguous_ports,          find_shared_hosts,
    find_ambient_callers, find_missing_network_policies, find_unlistable_kinds,
};

constexpr std::array gateway_rules{
    find_route_conflicts,
    find_bypasses,
    find_shadowing_rules,
    find_merged_rules,
    find_foreign_gateways,
    find_foreign_policies,
    find_foreign_filters,
    find_missing_imports,
    find_own_namespace,
    find_undiscovered,
    find_callers,
    find_secrets,
    find_pods,
    find_tls_mode,
    find_budgets,
    find_risky_settings,
};

/// Orders findings: those of the whole mesh first, then by gateway in the given order, the most severe first.
void sort_findings(std::vector<Finding>& findings, std::span<const AuditedGateway> gateways) {
  std::unordered_map<std::string, std::size_t> ranks{{"", 0}};
  for (const AuditedGateway& gateway : gateways) ranks.try_emplace(gateway.text(), ranks.size());
  std::ranges::stable_sort(findings, {}, [&](const Finding& finding) {
    return std::tuple(ranks.at(finding.gateway), -static_cast<int>(finding.severity), finding.code,
                      finding.object.ns + "/" + finding.object.name);
  });
}

std::vector<Finding> run_rules(std::span<const AuditedGateway> gateways, const AuditIndex& index) {
  std::vector<Finding> findings;
  for (const auto& rule : mesh_rules) rule(gateways, index, findings);
  for (const AuditedGateway& gateway : gateways)
    for (const auto& rule : gateway_rules) rule(gateway, index, findings);
  return findings;
}

}  // namespace

std::vector<Finding> audit(std::span<const Egress> gateways, const AuditSnapshot& snapshot) {
  const AuditIndex index(snapshot);
  const std::vector<AuditedGateway> audited = audited_gateways(gateways, index);
  std::vector<Finding> findings = run_rules(audited, index);
  sort_findings(findings, audited);
  return findings;
}

std::vector<Finding> audit(std::span<const Record> records, const AuditSnapshot& snapshot) {
  std::vector<Egress> gateways;
  for (const Record& record : records) gateways.push_back(record.egress);
  const AuditIndex index(snapshot);
  std::vector<AuditedGateway> audited = audited_gateways(gateways, index);
  for (AuditedGateway& gateway : audited) gateway.exists = true;
  std::vector<Finding> findings = run_rules(audited, index);
  for (std::size_t i = 0; i < audited.size(); ++i) find_state(audited[i], records[i], index, findings);
  sort_findings(findings, audited);
  return findings;
}

}  // namespace egress::mesh
