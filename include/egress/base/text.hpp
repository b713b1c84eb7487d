#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace egress {

/// "a, b, c" for a separator of ", ".
std::string join(std::span<const std::string> parts, std::string_view separator);

/// With ASCII letters in lower case.
std::string to_lower(std::string_view text);

/// The parts between separators; an empty text has none, and empty parts are kept.
std::vector<std::string> split(std::string_view text, char separator);

/// The text without blanks and line ends around it.
std::string_view trim(std::string_view text);

/// Text of unknown origin made fit for a terminal: control characters are shown (ESC as `^[`), not obeyed,
/// and no more than `limit` bytes are kept.
std::string printable(std::string_view text, std::size_t limit = 4096);

/// The length of the UTF-8 character that the text begins with, or 0 where it begins with none.
std::size_t utf8_length(std::string_view text);

/// The word of the list that was most likely meant: one that differs in a few letters, or that starts with
/// the typed text. Empty if there is none.
std::string closest_match(std::string_view typed, std::span<const std::string> words);

}  // namespace egress
