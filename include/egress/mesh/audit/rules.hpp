#pragma once

#include <span>
#include <vector>

#include "egress/mesh/audit/audited_gateway.hpp"
#include "egress/mesh/record.hpp"

namespace egress::mesh {

/// The rules of an audit, one topic per file. Each adds its findings.

// Rules for the whole mesh.

void find_outbound_policy(std::span<const AuditedGateway>, const AuditIndex&, std::vector<Finding>&);
void find_ambiguous_ports(std::span<const AuditedGateway>, const AuditIndex&, std::vector<Finding>&);
void find_shared_hosts(std::span<const AuditedGateway>, const AuditIndex&, std::vector<Finding>&);
void find_ambient_callers(std::span<const AuditedGateway>, const AuditIndex&, std::vector<Finding>&);
void find_missing_network_policies(std::span<const AuditedGateway>, const AuditIndex&, std::vector<Finding>&);
void find_unlistable_kinds(std::span<const AuditedGateway>, const AuditIndex&, std::vector<Finding>&);

// Rules for each gateway.

void find_route_conflicts(const AuditedGateway&, const AuditIndex&, std::vector<Finding>&);
void find_bypasses(const AuditedGateway&, const AuditIndex&, std::vector<Finding>&);
void find_shadowing_rules(const AuditedGateway&, const AuditIndex&, std::vector<Finding>&);
void find_merged_rules(const AuditedGateway&, const AuditIndex&, std::vector<Finding>&);
void find_foreign_gateways(const AuditedGateway&, const AuditIndex&, std::vector<Finding>&);
void find_foreign_policies(const AuditedGateway&, const AuditIndex&, std::vector<Finding>&);
void find_foreign_filters(const AuditedGateway&, const AuditIndex&, std::vector<Finding>&);
void find_missing_imports(const AuditedGateway&, const AuditIndex&, std::vector<Finding>&);
void find_own_namespace(const AuditedGateway&, const AuditIndex&, std::vector<Finding>&);
void find_undiscovered(const AuditedGateway&, const AuditIndex&, std::vector<Finding>&);
void find_callers(const AuditedGateway&, const AuditIndex&, std::vector<Finding>&);
void find_secrets(const AuditedGateway&, const AuditIndex&, std::vector<Finding>&);
void find_pods(const AuditedGateway&, const AuditIndex&, std::vector<Finding>&);
void find_tls_mode(const AuditedGateway&, const AuditIndex&, std::vector<Finding>&);
void find_budgets(const AuditedGateway&, const AuditIndex&, std::vector<Finding>&);
void find_risky_settings(const AuditedGateway&, const AuditIndex&, std::vector<Finding>&);

// Rules for each gateway that has a record.

void find_state(const AuditedGateway&, const Record&, const AuditIndex&, std::vector<Finding>&);

}  // namespace egress::mesh
