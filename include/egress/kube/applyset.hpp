#pragma once

#include <string>
#include <string_view>

namespace egress::kube {

/// Keys of an ApplySet, as kubectl 1.36 reads them (KEP-3659; k8s.io/kubectl, pkg/cmd/apply/applyset.go).
namespace applyset {

inline constexpr std::string_view id_label = "applyset.kubernetes.io/id";
inline constexpr std::string_view part_of_label = "applyset.kubernetes.io/part-of";
inline constexpr std::string_view tooling_annotation = "applyset.kubernetes.io/tooling";
inline constexpr std::string_view kinds_annotation = "applyset.kubernetes.io/contains-group-kinds";
inline constexpr std::string_view namespaces_annotation = "applyset.kubernetes.io/additional-namespaces";

/// The id of the set with this parent; `group` is empty for the core group.
std::string id(std::string_view name, std::string_view ns, std::string_view kind, std::string_view group);

}  // namespace applyset
}  // namespace egress::kube
