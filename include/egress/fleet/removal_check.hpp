#pragma once

#include <vector>

#include "egress/kube/cluster.hpp"
#include "egress/mesh/record.hpp"

namespace egress::fleet {

/// Looks at gateways that are to be deleted before anything of them is: each record's members become all that
/// this tool wrote with its gateway's label, and the user must be allowed to delete them. Throws Error with
/// all the permissions that are missing, and the commands that grant them.
void check_removal(kube::Cluster& cluster, std::vector<mesh::Record>& records);

}  // namespace egress::fleet
