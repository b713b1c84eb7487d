#pragma once

#include <optional>
#include <string>
#include <vector>

#include "egress/kube/cluster.hpp"

namespace egress::kube {

/// One collection to list.
struct Listing {
  Resource resource;
  std::string ns;  ///< empty: every namespace
  Selection selection;
};

/// What it holds, each object with its kind; or why it cannot be listed.
struct Listed {
  std::vector<Json> objects;
  std::optional<ApiError> error;
};

/// Lists several collections whole, the next page of each in one wave. A list that expires midway is asked
/// for again, in one page (client-go's pager does the same: tools/pager, FullListIfExpired).
std::vector<Listed> list_all(Cluster& cluster, std::vector<Listing> listings);

}  // namespace egress::kube
