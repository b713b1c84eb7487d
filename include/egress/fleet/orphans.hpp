#pragma once

#include <map>
#include <optional>
#include <vector>

#include "egress/kube/cluster.hpp"
#include "egress/mesh/egress_manifest.hpp"
#include "egress/mesh/record.hpp"

namespace egress::fleet {

// Gateways whose record somebody deleted: their objects stand, and nothing says of what they are a part.

/// Whose gateway's the object is, as its own labels and name tell. Nothing where they do not, and for what
/// this tool did not write.
std::optional<mesh::GatewayName> owning_gateway(const Json& object);

/// Of gateways that no list had a record of, those that have none: a record that is there by now, or an
/// object that is gone, was seen in the middle of a create or a delete. By name, with any of their objects.
/// Asks for two objects each, in one wave.
std::vector<mesh::GatewayName> gateways_without_record(
    kube::Cluster& cluster, const std::map<mesh::GatewayName, mesh::Reference>& seen);

/// Records of those of the gateways of which something stands that this tool wrote: what each is called, and
/// its objects, wherever they are. A constant number of lists a namespace; kinds that this user may not list
/// are passed over.
std::vector<mesh::Record> find_orphan_records(kube::Cluster& cluster,
                                              const std::vector<mesh::GatewayName>& names);

}  // namespace egress::fleet
