#pragma once

#include <string_view>

#include "egress/base/json.hpp"

namespace egress::kube {

/// The blocks (maps) of an object that stands which a manager owns by server-side apply and would apply no
/// more, as a JSON Patch (RFC 6902) that removes them, good only for the object in that version. Server-side
/// apply takes away the fields that were owned, but leaves the block itself, empty or with the server's
/// defaults in it, which may not be valid: a livenessProbe without a handler (Kubernetes 1.20,
/// sigs.k8s.io/structured-merge-diff v4, merge/update.go: only what is owned is pruned). Null where there are
/// none. Lists are gone through where their items have names, as containers do.
Json leftover_removals(const Json& live, const Json& applied, const Json& desired);

/// The same, and what others added (kube::foreign_fields). Null where there is neither.
Json all_removals(const Json& live, const Json& desired, std::string_view manager);

}  // namespace egress::kube
