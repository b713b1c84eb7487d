#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "egress/base/json.hpp"

namespace egress::kube {

// Who manages which field of an object: `metadata.managedFields`, kept by the server
// (k8s.io/apimachinery, pkg/apis/meta/v1/types.go, ManagedFieldsEntry and FieldsV1).

/// The field manager of every write of this tool.
inline constexpr std::string_view field_manager = "kubectl-egress";

/// A field of metadata by which an apply says that the object is to be new, for server-side apply has no word
/// for that: the server takes it off an object that it makes, and lets nobody change it of one that stands
/// (k8s.io/apiserver, pkg/registry/rest/create.go and meta.go; k8s.io/apimachinery,
/// pkg/api/validation/objectmeta.go, ValidateObjectMetaAccessorUpdate; measured on Kubernetes 1.20). That it
/// was applied stays in managedFields, until the next apply, and means nothing.
inline constexpr std::string_view only_new_field = "deletionGracePeriodSeconds";

/// What of the object a manager owns by server-side apply, as a body that applies it again: the fields with
/// their present values, and what names the object. Null where it owns nothing.
Json applied_part(const Json& object, std::string_view manager);

/// A few characters that change when a manager owns other fields by server-side apply than before: whoever
/// changes or takes away one of them owns it from then on, or nobody does. Empty where it owns nothing.
std::string applied_digest(const Json& metadata, std::string_view manager);

/// One who wrote to an object, and a field of it that is now theirs: "spec.selector".
struct Meddling {
  std::string manager;
  std::string field;
};

/// What others than the manager own beside status and metadata; Kubernetes' own controllers are nobody.
std::vector<Meddling> meddled_fields(const Json& metadata, std::string_view manager);

/// True where somebody else put terms into a selector of the object, beside the manager's own.
bool others_select(const Json& metadata, std::string_view manager);

}  // namespace egress::kube
