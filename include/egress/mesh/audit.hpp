#pragma once

#include <span>
#include <vector>

#include "egress/mesh/audit_snapshot.hpp"
#include "egress/mesh/egress.hpp"
#include "egress/mesh/finding.hpp"
#include "egress/mesh/record.hpp"

namespace egress::mesh {

/// Everything around these gateways, which stand or are only planned, that would stop them, bypass them or
/// break others, and what of their own settings may surprise. First what concerns the whole mesh, then
/// gateway by gateway in the order given, and there the worst first.
std::vector<Finding> audit(std::span<const Egress> gateways, const AuditSnapshot& snapshot);

/// The same for gateways that stand, and what is missing or unready of their own objects, of the kinds that
/// surroundings hold.
std::vector<Finding> audit(std::span<const Record> records, const AuditSnapshot& snapshot);

}  // namespace egress::mesh
