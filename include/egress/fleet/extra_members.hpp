#pragma once

#include <span>
#include <vector>

#include "egress/fleet/live_member.hpp"
#include "egress/kube/cluster.hpp"
#include "egress/kube/served_resources.hpp"
#include "egress/mesh/record.hpp"

namespace egress::fleet {

/// Puts behind the members of each record what this tool wrote with its gateway's label, and the record does
/// not name, so that it is removed with what is no longer needed. It is looked for in the namespaces where
/// the records' objects stand, in as many lists however many records there are; kinds that this user may not
/// list are passed over. Answers how the members of each record were seen. Throws Error where a list fails
/// otherwise.
std::vector<MemberMetadataList> add_extra_members(kube::Cluster& cluster, const kube::ServedResources& served,
                                                  std::span<mesh::Record> records);

/// The same of records that may not name all the namespaces where their gateways have objects: what may stand
/// beside an ingress gateway is looked for in every one.
void add_all_extra_members(kube::Cluster& cluster, const kube::ServedResources& served,
                           std::span<mesh::Record> records);

}  // namespace egress::fleet
