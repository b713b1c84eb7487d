#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "egress/fleet/mesh_flags.hpp"
#include "egress/kube/cluster.hpp"
#include "egress/mesh/audit_snapshot.hpp"
#include "egress/mesh/record.hpp"

namespace egress::fleet {

/// The gateways to audit, and a snapshot of the objects around them.
struct AuditInput {
  std::vector<mesh::Record> gateways;    ///< in the order of their namespaces and names
  std::vector<std::string> unreadable;   ///< a sentence for each record that cannot be read
  std::vector<std::string> assumptions;  ///< what of the mesh is assumed, a sentence each
  mesh::AuditSnapshot surroundings;
};

/// Which gateways to look at; no names are all of them, and no namespace every one.
struct GatewaySelection {
  std::string ns;
  std::vector<std::string> names;
};

/// Reads the selected gateways, the mesh and all objects that an audit needs, in two waves and one for each
/// further page. The number of requests does not depend on the number of gateways, except for the objects
/// that they refer to. Throws Error if a name has no gateway or no Istio is found.
AuditInput read_audit_input(kube::Cluster& cluster, const GatewaySelection& selection, const MeshFlags& flags,
                            std::chrono::sys_seconds now);

}  // namespace egress::fleet
