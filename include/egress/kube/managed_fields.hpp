#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "egress/base/json.hpp"

namespace egress::kube {

// Who manages which field of an object: `metadata.managedFields`, kept by the server
// (k8s.io/apimachinery, pkg/apis/meta/v1/types.go, ManagedFieldsEntry and FieldsV1).

/// The field manager of every write of this tool.
inline constexpr std::string_view field_manager = "kubectl-egress";

/// The fields that a manager owns by server-side apply, as FieldsV1; null where it owns nothing.
const Json* applied_fields(const Json& metadata, std::string_view manager);

/// A field of metadata by which an apply says that the object is to be new, for server-side apply has no word
/// for that: the server takes it off an object that it makes, and lets nobody change it of one that stands
/// (k8s.io/apiserver, pkg/registry/rest/create.go and meta.go; k8s.io/apimachinery,
/// pkg/api/validation/objectmeta.go, ValidateObjectMetaAccessorUpdate; measured on Kubernetes 1.20). That it
/// was applied stays in managedFields, until the next apply, and means nothing.
inline constexpr std::string_view only_new_field = "deletionGracePeriodSeconds";

/// What of the object a manager owns by server-side apply, as a body that applies it again: the fields with
/// their present values, and what names the object. Null where it owns nothing.
Json applied_configuration(const Json& object, std::string_view manager);

/// A word that changes when a manager owns other fields by server-side apply than before: whoever changes or
/// takes away one of them owns it from then on, or nobody does. It holds a few characters for each field, by
/// which it is known again. Empty where the manager owns nothing.
std::string applied_digest(const Json& metadata, std::string_view manager);

/// True where the manager owns just the fields that it owned when that was their digest.
bool matches_applied_digest(const Json& metadata, std::string_view manager, std::string_view digest);

/// Fields by who manages them, but for those that say how an object is (`status`), as the server names them
/// where managers conflict: ".spec.ports[name=\"http\"].port" (sigs.k8s.io/structured-merge-diff,
/// fieldpath/path.go, and element.go).
using ManagedFields = std::map<std::string, std::set<std::string>>;
ManagedFields managed_fields(const Json& metadata);

/// What became of the fields that a manager owned when this was their digest, and owns no more.
struct LostFields {
  ManagedFields by_manager;  ///< those that others own now
  std::size_t unowned = 0;   ///< number of those that nobody owns now
};
LostFields lost_fields(const Json& metadata, std::string_view manager, std::string_view digest);

/// Kubernetes' own controllers: they fill in what objects leave to them, such as replicas, tokens, and
/// allocated addresses.
bool is_controller(std::string_view manager);

}  // namespace egress::kube
