#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "egress/base/error.hpp"
#include "egress/kube/cluster.hpp"
#include "egress/mesh/egress_manifest.hpp"
#include "egress/mesh/status.hpp"

namespace egress::fleet {

/// What a list finds: gateways in the order of their namespaces and names, and a sentence for each record
/// that cannot be read, which keeps nobody from seeing the others.
struct Inventory {
  std::vector<mesh::Summary> gateways;
  std::vector<std::string> unreadable;
};

/// All gateways of a namespace, or of every namespace where it is empty. A constant number of list requests a
/// page, however many there are.
Inventory list_gateways(kube::Cluster& cluster, const std::string& ns);

/// The records of several gateways of one namespace, in the order of the names, with members in the versions
/// that the cluster serves; empty for a gateway that does not exist. Throws Error if the ConfigMap of a name
/// is not a record.
std::vector<std::optional<mesh::Record>> read_records(kube::Cluster& cluster,
                                                      const std::vector<std::string>& names,
                                                      const std::string& ns);

/// A record that cannot be read.
struct UnreadableRecord {
  std::string ns;
  std::string name;  ///< of the ConfigMap
  Json labels;
  std::string why;  ///< a sentence
};

/// Records as read_records() has them, and those that cannot be read.
struct Records {
  std::vector<mesh::Record> found;
  std::vector<UnreadableRecord> unreadable;
};

/// Those of the gateways of some namespaces, or of all where none is named, that are wanted. They are read
/// page by page, and hold what deleting the gateways needs. Throws Error where they cannot be listed.
Records list_records(kube::Cluster& cluster, const std::set<std::string>& namespaces,
                     const std::function<bool(const mesh::Record&)>& is_wanted = {});

/// The same of gateways that are named, of which few are not searched for among all.
Records list_named_records(kube::Cluster& cluster, const std::set<mesh::GatewayName>& names,
                           const std::function<bool(const mesh::Record&)>& is_wanted);

/// `egressgateway "x" not found in namespace "y"`, with what to type next.
Error gateway_not_found(const std::string& name, const std::string& ns);

}  // namespace egress::fleet
