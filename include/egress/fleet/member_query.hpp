#pragma once

#include <functional>
#include <set>
#include <span>
#include <string>

#include "egress/kube/cluster.hpp"
#include "egress/kube/served_resources.hpp"
#include "egress/mesh/parts.hpp"

namespace egress::fleet {

/// Gateways whose objects are to be listed, however many they are.
class MemberQuery {
 public:
  /// With `everywhere`, what may stand in another namespace than its gateway is looked for in every one.
  explicit MemberQuery(bool everywhere = false) : everywhere_(everywhere) {}

  /// One of them: the id of its set, its namespace, and what its record names.
  void add(const std::string& set, const std::string& ns, std::span<const mesh::Reference> members);

  /// Takes an object of that kind, in the version that was listed, and the id of the set that it is of.
  using Take = std::function<void(const kube::Resource& resource, const std::string& set, Json object)>;

  /// Lists their objects in the namespaces where they have any, page by page: those whose kinds `is_whole`
  /// names whole, and of others their metadata. A constant number of lists where namespaces are many and this
  /// user may list all of them. What he may not list is passed over; a list that expires midway brings
  /// objects again. Throws ApiError where one fails otherwise.
  void list(kube::Cluster& cluster, const kube::ServedResources& served,
            const std::function<bool(const kube::Kind&)>& is_whole, const Take& take) const;

 private:
  std::set<std::string> namespaces_with(const kube::Kind& kind) const;

  bool everywhere_;
  std::set<std::string> sets_;
  std::set<std::string> own_;        ///< namespaces of the gateways
  std::set<std::string> elsewhere_;  ///< others, with objects of some kinds
};

}  // namespace egress::fleet
