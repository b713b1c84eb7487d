#pragma once

#include <span>
#include <vector>

#include "egress/mesh/audit/subject.hpp"
#include "egress/mesh/record.hpp"

namespace egress::mesh {

/// What an audit looks for, a theme a file. Each adds what it finds.

// Once for the mesh.

void find_open_policy(std::span<const Subject>, const Neighbourhood&, std::vector<Finding>&);
void find_captured_ports(std::span<const Subject>, const Neighbourhood&, std::vector<Finding>&);
void find_shared_hosts(std::span<const Subject>, const Neighbourhood&, std::vector<Finding>&);
void find_ambient_callers(std::span<const Subject>, const Neighbourhood&, std::vector<Finding>&);
void find_unfenced_callers(std::span<const Subject>, const Neighbourhood&, std::vector<Finding>&);
void find_unseen(std::span<const Subject>, const Neighbourhood&, std::vector<Finding>&);

// For each gateway.

void find_route_conflicts(const Subject&, const Neighbourhood&, std::vector<Finding>&);
void find_bypasses(const Subject&, const Neighbourhood&, std::vector<Finding>&);
void find_shadowing(const Subject&, const Neighbourhood&, std::vector<Finding>&);
void find_merged_rules(const Subject&, const Neighbourhood&, std::vector<Finding>&);
void find_foreign_gateways(const Subject&, const Neighbourhood&, std::vector<Finding>&);
void find_foreign_policies(const Subject&, const Neighbourhood&, std::vector<Finding>&);
void find_foreign_filters(const Subject&, const Neighbourhood&, std::vector<Finding>&);
void find_closed_sidecars(const Subject&, const Neighbourhood&, std::vector<Finding>&);
void find_own_namespace(const Subject&, const Neighbourhood&, std::vector<Finding>&);
void find_undiscovered(const Subject&, const Neighbourhood&, std::vector<Finding>&);
void find_callers(const Subject&, const Neighbourhood&, std::vector<Finding>&);
void find_secrets(const Subject&, const Neighbourhood&, std::vector<Finding>&);
void find_pods(const Subject&, const Neighbourhood&, std::vector<Finding>&);
void find_tls_mode(const Subject&, const Neighbourhood&, std::vector<Finding>&);
void find_budgets(const Subject&, const Neighbourhood&, std::vector<Finding>&);
void find_choices(const Subject&, const Neighbourhood&, std::vector<Finding>&);

// For each gateway that has a record.

void find_state(const Subject&, const Record&, const Neighbourhood&, std::vector<Finding>&);

}  // namespace egress::mesh
