#pragma once

#include <string_view>

#include "egress/base/json.hpp"

namespace egress::kube {

/// Returns a JSON Patch (RFC 6902) that removes the maps of a live object that a manager owns by server-side
/// apply and would no longer apply. It is valid only for that version of the object. Server-side apply
/// removes the owned fields but keeps the map itself, empty or with the server's defaults, which may be
/// invalid, such as a livenessProbe without a handler (Kubernetes 1.20, sigs.k8s.io/structured-merge-diff v4,
/// merge/update.go). Null if there are no such maps. Lists are searched if their items have names, as
/// containers do.
Json leftover_removals(const Json& live, const Json& applied, const Json& desired);

/// Returns leftover_removals() together with the removals of foreign fields (kube::foreign_fields). Null if
/// there are neither.
Json all_removals(const Json& live, const Json& desired, std::string_view manager);

}  // namespace egress::kube
