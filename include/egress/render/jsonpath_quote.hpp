#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace egress::render::jsonpath {

/// The text between two quotes, which may be single or double, with Go's escapes read (client-go 1.36,
/// util/jsonpath/parser.go: UnquoteExtend); nothing where it holds what is no escape. `quoted` has the
/// quotes.
std::optional<std::string> unquoted(std::string_view quoted);

}  // namespace egress::render::jsonpath
