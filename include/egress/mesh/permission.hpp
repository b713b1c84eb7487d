#pragma once

#include <string>
#include <vector>

#include "egress/mesh/plan.hpp"

namespace egress::mesh {

/// One verb on one kind in one namespace.
struct Permission {
  std::string verb;
  kube::Kind kind;
  std::string ns;

  /// `create deployments.apps in namespace "httpbin"`.
  std::string text() const;
};

/// What a user must be allowed to do for a plan to be written, and undone.
std::vector<Permission> needed_permissions(const Plan& plan);

/// The commands that grant them, one for each namespace and set of verbs, as an administrator types them.
std::vector<std::string> granting_commands(const std::vector<Permission>& missing);

}  // namespace egress::mesh
