#pragma once

#include <string>
#include <vector>

#include "egress/kube/cluster.hpp"
#include "egress/mesh/record.hpp"

namespace egress::fleet {

/// An object that stands and is a gateway's own.
struct LiveMember {
  mesh::Reference reference;
  std::string uid;
  std::string version{};  ///< the resourceVersion in which it was seen, and may be deleted; empty: in any
  /// What the server made for it without being owned by it, and takes away a moment after it.
  std::vector<mesh::Reference> derived;
  std::string set{};  ///< the id of the set that it was seen to belong to; empty where that does not matter
};

/// A member of a gateway as a list brought it: what is needed to delete it. Empty where it was not seen.
struct MemberMetadata {
  std::string uid{};
  std::string version{};               ///< its resourceVersion
  std::vector<std::string> secrets{};  ///< that it names: a ServiceAccount's
};

/// Of each of a record's members, in their order; where there are none, nobody listed them.
using MemberMetadataList = std::vector<MemberMetadata>;

MemberMetadata member_metadata(const Json& object);

/// The record's members that stand and bear its label, last made first. Members without a version are of
/// kinds that the cluster serves no more: they have no objects. Those that were seen are taken to be as they
/// were seen, and the others are looked at. Throws ApiError where one may not be looked at.
std::vector<LiveMember> live_members(kube::Cluster& cluster, const mesh::Record& record,
                                     const MemberMetadataList& seen = {});

/// True where none needs to be looked at.
bool has_all_metadata(const mesh::Record& record, const MemberMetadataList& seen);

}  // namespace egress::fleet
