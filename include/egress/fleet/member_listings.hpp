#pragma once

#include <array>
#include <span>
#include <string>
#include <vector>

#include "egress/kube/listing.hpp"
#include "egress/kube/served_resources.hpp"
#include "egress/mesh/istio_kinds.hpp"
#include "egress/mesh/record.hpp"

namespace egress::fleet {

/// What may stand beside the ingress gateway, in another namespace than the gateway's.
inline constexpr std::array cross_namespace_kinds{kube::kinds::secret, mesh::kinds::gateway};

/// Lists objects of gateways, of those kinds that are served: Deployments and records whole, and of all
/// others their metadata.
std::vector<kube::Listing> member_listings(std::span<const kube::Kind> kinds,
                                           const kube::ServedResources& served, const std::string& ns,
                                           const std::string& labels, int page = kube::ListOptions{}.limit);

/// Gives the record's members the versions that the server serves.
void resolve_member_versions(mesh::Record& record, const kube::ServedResources& served);

}  // namespace egress::fleet
