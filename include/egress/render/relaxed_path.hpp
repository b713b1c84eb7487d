#pragma once

#include <string>
#include <string_view>

namespace egress::render {

/// A path as custom-columns and --sort-by take it (kubectl 1.36, cmd/get/customcolumn.go), written out:
/// `a.b`, `.a.b`, `{a.b}` and `{.a.b}` are all `{.a.b}`. An empty one stays so. Throws Error with kubectl's
/// words where it is none of these.
std::string relaxed_path(std::string_view path);

}  // namespace egress::render
