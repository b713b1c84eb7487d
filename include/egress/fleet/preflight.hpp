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

/// Checks everything before anything is written: the permissions, the names, and every object by the server's
/// own dry run. What stands is put into the plan, and what would change nothing is marked; what is marked
/// already stands, and of it only the Deployment is looked at. Throws Error with all that speaks against it,
/// together with the errors among `findings`. Answers a sentence for each object that is adopted. `rules` are
/// what the user may do in the gateway's namespace; what they leave open is asked.
std::vector<std::string> run_preflight(kube::Cluster& cluster, mesh::Plan& plan,
                                       const PreflightOptions& consent, const kube::RbacRules& rules,
                                       std::span<const mesh::Finding> findings = {});

}  // namespace egress::fleet
