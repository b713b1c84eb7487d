#pragma once

#include <string>
#include <vector>

#include "egress/kube/cluster.hpp"
#include "egress/mesh/record.hpp"

namespace egress::fleet {

/// An object of a gateway that exists on the cluster.
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

/// The record's members that exist and have its label, the last created first. Members without a version have
/// kinds that the cluster no longer serves, and therefore no objects. Members with known metadata are not
/// read again. Throws ApiError if a member may not be read.
std::vector<LiveMember> live_members(kube::Cluster& cluster, const mesh::Record& record,
                                     const MemberMetadataList& seen = {});

/// True where none needs to be looked at.
bool has_all_metadata(const mesh::Record& record, const MemberMetadataList& seen);

}  // namespace egress::fleet
