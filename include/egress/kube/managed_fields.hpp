#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "egress/base/json.hpp"

namespace egress::kube {

// The owners of the fields of an object: `metadata.managedFields`, kept by the server (k8s.io/apimachinery,
// pkg/apis/meta/v1/types.go, ManagedFieldsEntry and FieldsV1).

/// The field manager of every write of this tool.
inline constexpr std::string_view field_manager = "kubectl-egress";

/// The fields that a manager owns by server-side apply, as FieldsV1; null if it owns none.
const Json* applied_fields(const Json& metadata, std::string_view manager);

/// A metadata field that marks an apply as a creation, because server-side apply has no option for it: the
/// server drops it when it creates an object, and rejects it for an existing one (k8s.io/apiserver,
/// pkg/registry/rest/create.go and meta.go; k8s.io/apimachinery, pkg/api/validation/objectmeta.go,
/// ValidateObjectMetaAccessorUpdate; measured on Kubernetes 1.20). managedFields lists it until the next
/// apply, without any effect.
inline constexpr std::string_view only_new_field = "deletionGracePeriodSeconds";

/// Returns the part of an object that a manager owns by server-side apply, as a body that applies it again:
/// the fields with their current values, and what identifies the object. Null if it owns none.
Json applied_configuration(const Json& object, std::string_view manager);

/// A digest of the fields that a manager owns by server-side apply. It changes if another manager changes or
/// removes one of them, because the manager then no longer owns it. It has a few characters for each field,
/// which identify the field. Empty if the manager owns nothing.
std::string applied_digest(const Json& metadata, std::string_view manager);

/// True if the manager owns exactly the fields that it owned when the digest was computed.
bool matches_applied_digest(const Json& metadata, std::string_view manager, std::string_view digest);

/// The fields of each manager, without `status`, in the notation of the server's conflict messages:
/// ".spec.ports[name=\"http\"].port" (sigs.k8s.io/structured-merge-diff, fieldpath/path.go and element.go).
using ManagedFields = std::map<std::string, std::set<std::string>>;
ManagedFields managed_fields(const Json& metadata);

/// The fields that a manager owned when the digest was computed and that it no longer owns.
struct LostFields {
  ManagedFields by_manager;  ///< the fields that other managers own now
  std::size_t unowned = 0;   ///< number of the fields that have no owner now
};
LostFields lost_fields(const Json& metadata, std::string_view manager, std::string_view digest);

/// True for Kubernetes' own controllers, which set fields such as replicas, tokens and allocated addresses.
bool is_controller(std::string_view manager);

}  // namespace egress::kube
