#pragma once

#include <span>
#include <vector>

#include "egress/mesh/audit_snapshot.hpp"
#include "egress/mesh/egress.hpp"
#include "egress/mesh/finding.hpp"
#include "egress/mesh/record.hpp"

namespace egress::mesh {

/// Finds configuration that breaks or bypasses these existing or planned gateways, or that they break, and
/// risky settings of their own. Findings of the whole mesh come first, then those of each gateway in the
/// given order, the most severe first.
std::vector<Finding> audit(std::span<const Egress> gateways, const AuditSnapshot& snapshot);

/// The same for existing gateways, plus their own objects that are missing or not ready, as far as the
/// snapshot contains their kinds.
std::vector<Finding> audit(std::span<const Record> records, const AuditSnapshot& snapshot);

}  // namespace egress::mesh
