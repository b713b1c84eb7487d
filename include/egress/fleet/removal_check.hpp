#pragma once

#include <string>
#include <vector>

#include "egress/base/error.hpp"
#include "egress/kube/cluster.hpp"
#include "egress/mesh/permission.hpp"
#include "egress/mesh/record.hpp"

namespace egress::fleet {

/// Looks at gateways that are to be deleted before anything of them is: each record's members become all that
/// this tool wrote with its gateway's label. Answers the permissions that the user lacks to delete them.
std::vector<mesh::Permission> lacking_for_removal(kube::Cluster& cluster, std::vector<mesh::Record>& records);

/// The same. Throws Error with all the permissions that are missing, and the commands that grant them.
void check_removal(kube::Cluster& cluster, std::vector<mesh::Record>& records);

/// "nothing was WRITTEN", all of them, and the commands that grant them.
Error lacking(const std::string& written, const std::vector<mesh::Permission>& permissions);

}  // namespace egress::fleet
