#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace egress {

/// UTF-8 of a text that its mark says to be UTF-16; nothing where it is none: half a character, or an odd
/// byte.
std::optional<std::string> utf16_to_utf8(std::string_view text);

/// True where the text starts with a mark of UTF-16, of either order of bytes.
bool has_utf16_bom(std::string_view text);

}  // namespace egress
