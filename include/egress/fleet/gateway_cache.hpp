#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "egress/kube/served_resources.hpp"
#include "egress/kube/watch.hpp"
#include "egress/mesh/record.hpp"

namespace egress::fleet {

/// What is known of one gateway. Objects may be seen before the record that they belong to.
struct CachedGateway {
  std::optional<mesh::Record> record;
  std::map<std::string, Json> objects;  ///< by kind, namespace and name; each with its kind
};

/// Records of gateways and their objects as watches tell of them, put together by the id of the set.
class GatewayCache {
 public:
  explicit GatewayCache(kube::ServedResources served) : served_(std::move(served)) {}

  /// Takes a change of an object of that kind. Throws Error where a record cannot be read: it counts as
  /// missing then.
  void take(const kube::Resource& resource, const kube::Change& change);

  /// The ids of those that changed since the last time.
  std::set<std::string> changed() { return std::exchange(changed_, {}); }
  /// Nothing is known of others.
  const CachedGateway& at(const std::string& id) const;

 private:
  void forget(const std::string& key);

  kube::ServedResources served_;
  std::map<std::string, CachedGateway> gateways_;  ///< by id
  std::map<std::string, std::string> set_of_;      ///< the id, by the object's kind, namespace and name
  std::set<std::string> changed_;
};

}  // namespace egress::fleet
