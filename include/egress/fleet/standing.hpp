#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "egress/kube/cluster.hpp"
#include "egress/kube/served.hpp"
#include "egress/mesh/plan.hpp"

namespace egress::fleet {

/// What stands of many gateways, as lists tell it: of each object no more than is needed to see whether it is
/// as it should be.
class Standing {
 public:
  Standing() = default;
  /// Lists every kind of object of a namespace's gateways, or of all where it is empty: a page of each in a
  /// wave, of which nothing is kept but digests. Kinds that this user may not list are not known.
  Standing(kube::Cluster& cluster, const kube::Served& served, const std::string& ns);

  /// True where the gateway stands whole, and each of its objects says what the plan says, by this tool's own
  /// hand: applying it would change nothing. False where that is not known.
  bool is_as(const mesh::Plan& plan) const;

  /// As fleet::add_unexpected() does.
  void add_unexpected(mesh::Record& record) const;

 private:
  struct Found {
    mesh::Reference reference;
    std::string digest;  ///< of what this tool applied of it; empty where others added to it what matters
  };

  void take(const kube::Resource& resource, Json object);
  std::span<const Found> of(const mesh::Record& record) const;

  std::map<std::string, std::vector<Found>> found_;  ///< by the id of their set
};

}  // namespace egress::fleet
