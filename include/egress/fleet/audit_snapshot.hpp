#pragma once

#include <span>
#include <vector>

#include "egress/kube/cluster.hpp"
#include "egress/kube/listing.hpp"
#include "egress/mesh/audit_snapshot.hpp"
#include "egress/mesh/egress.hpp"

namespace egress::fleet {

/// The lists of a snapshot: always the same collections of the whole cluster, in versions that every Istio
/// since 1.7.0 and every Kubernetes since 1.20 serves, so that no discovery is needed.
std::vector<kube::Listing> audit_listings();

/// What they brought. A kind that this user may not list is hidden, and one that is not installed has no
/// objects; throws ApiError for any other failure. Mesh, revisions and time are the caller's to fill in.
mesh::AuditSnapshot build_snapshot(std::span<kube::ListResult> listed);

/// Reads what the lists do not contain: the objects that these gateways refer to, and, in their own
/// namespaces, the kinds that this user may list only there. One wave, and one more for further pages.
void complete_snapshot(kube::Cluster& cluster, std::span<const mesh::Egress> gateways,
                       mesh::AuditSnapshot& surroundings);

}  // namespace egress::fleet
