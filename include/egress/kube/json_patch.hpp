#pragma once

#include <span>
#include <string>

#include "egress/base/json.hpp"

namespace egress::kube {

// JSON Patches (RFC 6902) that remove fields: arrays of operations. Null is an empty patch.

/// Returns the operation that removes the field at a path of keys.
Json remove_operation(std::span<const std::string> path);

/// Appends operations to a patch, except those below a field that it already removes.
void append_operations(Json& patch, const Json& operations);

/// Returns the object without the fields that the patch removes. Fields in lists are kept.
Json apply_removals(Json object, const Json& patch);

}  // namespace egress::kube
