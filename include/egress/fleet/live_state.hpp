#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "egress/base/json_text.hpp"
#include "egress/kube/cluster.hpp"
#include "egress/kube/served_resources.hpp"
#include "egress/mesh/plan.hpp"

namespace egress::fleet {

/// The live objects of many gateways, as lists return them: of each object only what is needed to detect a
/// difference.
class LiveState {
 public:
  LiveState() = default;
  /// Lists the objects of the gateways whose records these are, as ConfigMaps: a page of each kind in a wave,
  /// of which nothing is kept but digests. Kinds that this user may not list are not known.
  LiveState(kube::Cluster& cluster, const kube::ServedResources& served,
            std::span<const JsonText* const> records);

  /// Marks the plan's objects that exist exactly as planned, as this tool applied them and as the record
  /// lists them: applying them would change nothing. Returns true if that holds for the whole gateway.
  /// Objects that were not read are not marked.
  bool mark_unchanged(mesh::Plan& plan) const;

  /// As fleet::add_extra_members() does.
  void add_extra_members(mesh::Record& record) const;

 private:
  struct Found {
    std::string object;       ///< a digest of its set, kind, namespace and name
    std::string says;         ///< one of what this tool applied of it; empty where others added to it
    bool as_recorded = true;  ///< this tool owns of it what its record says
  };
  class Expected;

  void take(const Expected& expected, const kube::Resource& resource, const std::string& set, Json object);
  const Found* find(const std::string& set, const mesh::Reference& reference) const;

  std::vector<Found> found_;                                        ///< in the order of their digests
  std::map<std::string, std::vector<mesh::Reference>> unexpected_;  ///< by the id of their set
};

}  // namespace egress::fleet
