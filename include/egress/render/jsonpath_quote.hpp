#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace egress::render::jsonpath {

/// The text of a string in single or double quotes, with Go's escapes resolved (client-go 1.36,
/// util/jsonpath/parser.go: UnquoteExtend); nullopt for an invalid escape. `quoted` includes the quotes.
std::optional<std::string> unquote(std::string_view quoted);

}  // namespace egress::render::jsonpath
