#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "egress/kube/cluster.hpp"
#include "egress/kube/listing.hpp"

namespace egress::fleet {

/// In place of names: wherever it may be.
inline const std::set<std::string> all_namespaces{""};

/// What to list in each of some namespaces.
struct NamespacedListing {
  kube::Listing listing;  ///< its own namespace does not count
  std::set<std::string> namespaces;
};

/// Called with a page of one of the listings, limited to its namespaces, or with the error.
using OnNamespacedPage = std::function<void(const kube::Listing& listing, kube::Page page)>;

/// Lists them, page by page: one list a namespace, or one of the whole cluster where namespaces are many.
/// Where this user may not have that, each namespace is listed after all.
void list_in_namespaces(kube::Cluster& cluster, const std::vector<NamespacedListing>& wanted,
                        const OnNamespacedPage& take);

}  // namespace egress::fleet
