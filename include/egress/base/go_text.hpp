#pragma once

#include <string>
#include <string_view>

#include "egress/base/json.hpp"

namespace egress {

// How Go writes values: what kubectl prints comes out of these.

/// One line of JSON as encoding/json (Go 1.25) writes it: `<`, `>`, `&`, U+2028 and U+2029 as escapes, and of
/// a number no more than is needed. The keys are sorted at every depth.
std::string go_json(const Json& json);

/// The same, indented by four spaces, keys in their order, without a newline at the end.
std::string go_json_indented(const Json& json);

/// As fmt's %v does: text bare, `map[a:1 b:x]` with the keys sorted, `[1 2]`, `<nil>`.
std::string go_value(const Json& json);

/// As fmt's %q does: in double quotes, with Go's escapes.
std::string go_quote(std::string_view text);

/// As encoding/json writes a float64: with an exponent below 1e-6 and from 1e21 on.
std::string go_json_number(double value);

/// As fmt's %v writes a float64, strconv's 'g' at its shortest: with an exponent below 1e-4 and from 1e6 on.
std::string go_number(double value);

}  // namespace egress
