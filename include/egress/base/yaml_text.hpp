#pragma once

#include <string>
#include <string_view>

namespace egress {

/// A YAML text as yaml-cpp can read it: UTF-8 with `\n` at the end of each line. Throws Error where it is
/// neither UTF-8 nor, by its mark, UTF-16, where it has control characters, or where it says that it is of
/// another version than YAML 1.1.
std::string normalize_yaml(std::string_view text);

/// Throws Error that names the line, which is counted from 0 as yaml-cpp does.
[[noreturn]] void throw_yaml_error(int line, const std::string& why);

/// What yaml-cpp says, as far as none of the document's own words are in it: "the referenced anchor is not
/// defined: NAME" (0.8) would tell a password that begins with an asterisk. What it quotes stands behind a
/// colon.
std::string_view strip_quotation(std::string_view message);

/// True where the line, counted from 0, is indented by a tab: the most frequent reason for the parser to
/// stumble, which it does not name.
bool is_indented_by_tab(std::string_view text, int line);

// What yaml-cpp passes over and goyaml does not. `at` is where a scalar begins, its anchor and tag included,
// in a text of normalize_yaml().

/// True where it is quoted, and the quote does not end before the text does.
bool is_unterminated_quote(std::string_view text, std::size_t at);

/// True where it is a key of a block with nothing behind it, not even a colon.
bool is_key_without_colon(std::string_view text, std::size_t at, std::string_view value);

}  // namespace egress
