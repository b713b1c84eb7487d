#pragma once

#include <optional>
#include <string>
#include <vector>

#include "egress/kube/cluster.hpp"
#include "egress/kube/served.hpp"
#include "egress/mesh/status.hpp"

namespace egress::fleet {

/// All gateways of a namespace, or of every namespace where it is empty, in the order of their names. A
/// constant number of list requests, however many there are.
std::vector<mesh::Summary> list_gateways(kube::Cluster& cluster, const std::string& ns);

/// One gateway; nothing where there is no record of that name. Throws Error where the ConfigMap of its name
/// is somebody else's.
std::optional<mesh::Summary> find_gateway(kube::Cluster& cluster, const std::string& name,
                                          const std::string& ns);

/// The records of several gateways of one namespace, in the order of the names; nothing where there is none.
struct Records {
  kube::Served served;
  std::vector<std::optional<mesh::Record>> records;
};
Records read_records(kube::Cluster& cluster, const std::vector<std::string>& names, const std::string& ns);

/// "egressgateway "x" not found in namespace "y"", with what to type next.
Error not_found(const std::string& name, const std::string& ns);

}  // namespace egress::fleet
