#pragma once

#include <string>
#include <vector>

#include "egress/base/error.hpp"
#include "egress/fleet/live_member.hpp"
#include "egress/kube/cluster.hpp"
#include "egress/mesh/permission.hpp"
#include "egress/mesh/record.hpp"

namespace egress::fleet {

/// What is known of gateways before any of them is deleted.
struct DeletePreflight {
  std::vector<MemberMetadataList> seen;     ///< of each, how its members were seen
  std::vector<mesh::Permission> lacking{};  ///< of what the user needs to delete them
};

/// Looks at gateways that are to be deleted before anything of them is: each record's members become all that
/// this tool wrote with its gateway's label. Answers what is known of them by then.
DeletePreflight run_delete_preflight(kube::Cluster& cluster, std::vector<mesh::Record>& records);

/// The same. Answers how the members of each were seen. Throws Error with all the permissions that are
/// missing, and the commands that grant them.
std::vector<MemberMetadataList> check_deletion(kube::Cluster& cluster, std::vector<mesh::Record>& records);

/// "nothing was WRITTEN", all of them, and the commands that grant them.
Error missing_permissions_error(const std::string& written, const std::vector<mesh::Permission>& permissions);

}  // namespace egress::fleet
