#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "egress/base/error.hpp"
#include "egress/mesh/plan.hpp"

namespace egress::mesh {

/// One verb on one kind in one namespace.
struct Permission {
  std::string verb;
  kube::Kind kind;
  std::string ns;  ///< empty of a kind that is in none

  /// `create deployments.apps in namespace "httpbin"`.
  std::string text() const;
  /// That it is missing.
  Cause denied() const;
  bool operator==(const Permission&) const = default;
};

/// What a user must be allowed to do for a namespace to be made.
Permission namespace_permission();

/// What a user must be allowed to do for a plan to be written, and undone. `takes_ownership` says of which
/// objects others' fields are taken, and given back by replacing them.
std::vector<Permission> required_permissions(const Plan& plan,
                                             const std::function<bool(const Reference&)>& takes_ownership);

/// What a user must be allowed to do for gateways to be deleted, with all that their records name.
std::vector<Permission> deletion_permissions(std::span<const Record> records);

/// What a Role in a namespace grants: whoever writes the Role must have it, too. Kinds that no gateway has
/// are left out.
std::vector<Permission> granted_permissions(const Json& role, const std::string& ns);

/// The commands that grant them, one for each namespace and set of verbs, as an administrator types them.
std::vector<std::string> grant_commands(const std::vector<Permission>& missing);

}  // namespace egress::mesh
