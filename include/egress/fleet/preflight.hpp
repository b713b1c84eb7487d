#pragma once

#include <span>
#include <string>
#include <vector>

#include "egress/kube/cluster.hpp"
#include "egress/kube/rbac_rules.hpp"
#include "egress/mesh/finding.hpp"
#include "egress/mesh/permission.hpp"
#include "egress/mesh/plan.hpp"

namespace egress::fleet {

/// What a user agrees to beforehand, and how far it can be checked.
struct PreflightOptions {
  bool force = false;  ///< take back fields that others manage by now
  std::vector<std::string>
      adopt;           ///< objects of others to take over: "deployment.apps/NAME" or "deployment/NAME"
  bool writes = true;  ///< what is checked is written, and the user must be allowed to
  bool use_server_dry_run = true;  ///< false where the namespace is not there: nothing in it can be tried
  bool creates_namespace = false;  ///< the user must be allowed to
  std::vector<mesh::Permission> lacking{};  ///< known to be, for what else the command is to do
};

/// Checks everything before the first write: permissions, names, and every object by a server-side dry run.
/// It adds the live objects to the plan and marks those that would not change; of objects that are marked
/// already only the Deployment is read. Throws Error with all problems together, including the errors among
/// `findings`. Returns a sentence for each object that is taken over. `rules` are the user's permissions in
/// the gateway's namespace; permissions that they do not answer are checked one by one.
std::vector<std::string> run_preflight(kube::Cluster& cluster, mesh::Plan& plan,
                                       const PreflightOptions& options, const kube::RbacRules& rules,
                                       std::span<const mesh::Finding> findings = {});

}  // namespace egress::fleet
