#pragma once

#include <string>
#include <string_view>

namespace egress::render {

/// The full JSONPath of a path of custom-columns or --sort-by (RelaxedJSONPathExpression in kubectl 1.36,
/// cmd/get/customcolumn.go): `{.a.b}` for `a.b`, `.a.b`, `{a.b}` and `{.a.b}`. An empty path stays empty.
/// Throws Error with kubectl's message for any other form.
std::string relaxed_path(std::string_view path);

}  // namespace egress::render
