#pragma once

#include <map>
#include <string>
#include <tuple>

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

 private:
  using Key = std::tuple<std::string, std::string, std::string>;  ///< "deployment.apps", namespace, name

  void take(const kube::Resource& resource, Json object);

  std::map<Key, std::string> digests_;  ///< of what this tool applied of each object, and its set's id
};

}  // namespace egress::fleet
