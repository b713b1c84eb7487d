#pragma once

#include <string>
#include <vector>

#include "egress/kube/cluster.hpp"
#include "egress/mesh/record.hpp"

namespace egress::fleet {

/// An object that stands and is a gateway's own.
struct Member {
  mesh::Reference reference;
  std::string uid;
  std::string version{};  ///< the resourceVersion in which it was seen, and may be deleted; empty: in any
  /// What the server made for it without being owned by it, and takes away a moment after it.
  std::vector<mesh::Reference> derived;
  std::string set{};  ///< the id of the set that it was seen to belong to; empty where that does not matter
};

/// The record's members that stand and bear its label, last made first. Members without a version are of
/// kinds that the cluster serves no more: they have no objects. Throws ApiError where one may not be looked
/// at.
std::vector<Member> standing_members(kube::Cluster& cluster, const mesh::Record& record);

}  // namespace egress::fleet
