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
  std::string ns;  ///< empty for a cluster-scoped kind

  /// "create deployments.apps in namespace/httpbin".
  std::string text() const;
  /// The cause of an error if this permission is missing.
  Cause denied() const;
  bool operator==(const Permission&) const = default;
};

/// The permission to create a namespace.
Permission namespace_permission();

/// The permissions to write a plan and to roll it back. `takes_ownership` is true for objects of which fields
/// are taken over from other managers; rollback returns these by replacing the object.
std::vector<Permission> required_permissions(const Plan& plan,
                                             const std::function<bool(const Reference&)>& takes_ownership);

/// The permissions to delete gateways with all members that their records list.
std::vector<Permission> deletion_permissions(std::span<const Record> records);

/// The permissions that a Role in a namespace grants, which the user who writes the Role must have, too.
/// Kinds that no gateway has are omitted.
std::vector<Permission> granted_permissions(const Json& role, const std::string& ns);

/// The commands with which an administrator grants permissions, one for each namespace and set of verbs.
std::vector<std::string> grant_commands(const std::vector<Permission>& missing);

}  // namespace egress::mesh
