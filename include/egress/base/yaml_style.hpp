#pragma once

#include <string_view>

namespace egress {

/// The ways in which YAML may hold a text.
enum class YamlStyle { plain, single_quoted, double_quoted, literal };

/// The one that kubectl's YAML takes for a value (go.yaml.in/yaml/v2: encode.go, emitterc.go). Two kinds of
/// text stand in double quotes here and bare or in single quotes there: `<<` and `=`, which mean something to
/// other readers of YAML 1.1, and what holds U+2028 or U+2029, which end a line for some.
YamlStyle yaml_style(std::string_view text);

/// True where go-yaml takes the plain text for a time, such as 2026-08-01 or 2026-08-01T12:00:00Z.
bool is_yaml_timestamp(std::string_view text);

/// True where a character can stand in YAML only as an escape: controls, the tab and all beyond U+FFFF among
/// them. It is one of UTF-8, or a byte that is none.
bool needs_yaml_escape(std::string_view character);

}  // namespace egress
