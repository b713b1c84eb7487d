#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "egress/kube/cluster.hpp"
#include "egress/kube/listing.hpp"
#include "egress/kube/served_resources.hpp"
#include "egress/mesh/egress_manifest.hpp"
#include "egress/mesh/status.hpp"

namespace egress::fleet {

/// All gateways of a namespace, or of every namespace, one after another: the records and every kind of
/// object that they are made of are listed side by side, and a gateway is put together as soon as all lists
/// are beyond it. So only some pages are in memory at one time, however many gateways there are.
class GatewayPages {
 public:
  /// Asks which kinds are served. A page holds `page` objects of each.
  GatewayPages(kube::Cluster& cluster, std::string ns, int page);
  GatewayPages(const GatewayPages&) = delete;
  GatewayPages& operator=(const GatewayPages&) = delete;

  /// The next gateways, in the order in which the server keeps them; those with objects in other namespaces
  /// come last, where only one namespace is listed. Empty at the end.
  std::vector<mesh::Summary> next();

  /// A sentence for each record that could not be read so far.
  const std::vector<std::string>& unreadable() const { return unreadable_; }

  /// At the end: gateways of which objects stand without a record.
  const std::vector<mesh::GatewayName>& orphans() const { return orphans_; }

 private:
  using Members = std::map<std::string, Json>;  ///< by kind, namespace and name

  std::string first_end() const;
  void ask();
  kube::Pages pages();
  void take(std::size_t listing, kube::Page page);
  void take_record(const Json& config_map);
  bool is_elsewhere(const mesh::Record& record) const;
  bool is_known(const mesh::Record& record) const;
  mesh::Summary put_together(mesh::Record record);
  std::vector<mesh::Summary> rest();
  void look_elsewhere();
  void find_orphans();

  kube::Cluster& cluster_;
  std::string ns_;
  kube::ServedResources served_;
  std::vector<kube::Listing> listings_;
  std::optional<kube::Pages> pages_;
  std::vector<std::string> reached_;        ///< of each listing, "NS/NAME" of the last object
  std::map<std::string, Members> members_;  ///< by the id of their set
  std::vector<mesh::Record> waiting_;
  std::set<std::string> seen_;  ///< a list that expires midway brings records again
  mesh::UnlistableKinds hidden_;
  std::vector<std::string> unreadable_;
  std::vector<mesh::GatewayName> orphans_;
};

}  // namespace egress::fleet
