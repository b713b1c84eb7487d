#pragma once

#include <span>
#include <string>

#include "egress/base/json.hpp"

namespace egress::kube {

// A JSON Patch (RFC 6902) that removes fields: an array of its operations. A null stands for an empty one.

/// The operation that removes what is at the end of the path, a key for each object on the way there.
Json remove_operation(std::span<const std::string> path);

/// Puts operations behind a patch's others, but for those of what goes already.
void append_operations(Json& patch, const Json& operations);

/// The object without what the patch removes. What is in lists stays.
Json apply_removals(Json object, const Json& patch);

}  // namespace egress::kube
