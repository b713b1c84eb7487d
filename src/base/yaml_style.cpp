#include "egress/base/yaml_style.hpp"

#include <algorithm>
#include <charconv>
#include <string>

#include "egress/base/text.hpp"
#include "egress/base/yaml.hpp"

namespace egress {
namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

/// What decides where a text can stand.
struct Traits {
  bool has_indicators = false;  ///< it would be read as YAML's own signs
  bool has_escapes = false;
  bool has_leading_space = false;
  bool has_trailing_space = false;
  bool has_space_before_break = false;
  bool has_breaks = false;
};

/// True where the character at `at` is a sign of YAML's own there. `end` is where the next one begins.
bool is_indicator(std::string_view text, std::size_t at, std::size_t end) {
  constexpr std::string_view at_front = "#,[]{}&*!|>'\"%@`";
  const char c = text[at];
  const bool is_before_blank = end >= text.size() || is_blank(text[end]);
  if (c == ':') return is_before_blank;
  if (at == 0)
    return at_front.find(c) != std::string_view::npos || ((c == '?' || c == '-') && is_before_blank);
  return c == '#' && (is_blank(text[at - 1]) || text[at - 1] == '\n');
}

Traits read_traits(std::string_view text) {
  Traits traits;
  traits.has_indicators = text.starts_with("---") || text.starts_with("...");
  traits.has_leading_space = text.starts_with(' ');
  traits.has_trailing_space = text.ends_with(' ');
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = at + std::max<std::size_t>(utf8_length(text.substr(at)), 1);
    const std::string_view character = text.substr(at, end - at);
    if (character == "\n") {
      traits.has_breaks = true;
      traits.has_space_before_break = traits.has_space_before_break || (at > 0 && text[at - 1] == ' ');
    } else {
      traits.has_escapes = traits.has_escapes || needs_yaml_escape(character);
    }
    traits.has_indicators = traits.has_indicators || is_indicator(text, at, end);
    at = end;
  }
  return traits;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// YAML 1.1's numbers of base 60, such as 12:30:45 and 190:20:30.15, which are text to client-go, but not to
/// every reader.
bool is_base_60(std::string_view text) {
  if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
  if (text.empty() || !is_digit(text.front())) return false;
  text.remove_prefix(std::min(text.find_first_not_of("0123456789_"), text.size()));
  bool has_parts = false;
  while (text.starts_with(':')) {
    text.remove_prefix(1);
    const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
    if (digits == 0 || digits > 2 || (digits == 2 && text.front() > '5')) return false;
    text.remove_prefix(digits);
    has_parts = true;
  }
  if (text.starts_with('.'))
    text.remove_prefix(std::min(text.find_first_not_of("0123456789_", 1), text.size()));
  return has_parts && text.empty();
}

/// True where the digits behind 0x, 0o, 0b or 0 are a number of up to 64 bits: half of them are beyond what
/// the reader knows.
bool is_unsigned(std::string_view text) {
  if (text.size() < 2 || text.front() != '0') return false;
  const char letter = text[1];
  const bool is_hexadecimal = letter == 'x' || letter == 'X';
  const bool is_binary = letter == 'b' || letter == 'B';
  const bool is_octal = letter == 'o' || letter == 'O';
  std::string digits(text.substr(is_hexadecimal || is_binary || is_octal ? 2 : 1));
  std::erase(digits, '_');
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value,
                                            is_hexadecimal ? 16
                                            : is_binary    ? 2
                                                           : 8);
  return !digits.empty() && error == std::errc() && end == digits.data() + digits.size();
}

/// True where a reader of YAML 1.1 would take the bare text for another type.
bool is_ambiguous(std::string_view text) {
  return !resolve_plain_scalar(text).is_string() || is_unsigned(text) || is_yaml_timestamp(text) ||
         is_base_60(text) || text == "<<" || text == "=";
}

}  // namespace

bool needs_yaml_escape(std::string_view character) {
  const auto byte = static_cast<unsigned char>(character.front());
  if (byte < 0x80) return byte < 0x20 || byte == 0x7f;
  constexpr unsigned char c1_control_lead = 0xc2;
  constexpr unsigned char four_byte_lead = 0xf0;
  if (character.size() == 1 || byte >= four_byte_lead) return true;
  if (byte == c1_control_lead) return static_cast<unsigned char>(character.back()) < 0xa0;
  return character == "\u2028" || character == "\u2029" || character == "\ufeff" || character == "\ufffe" ||
         character == "\uffff";
}

YamlStyle yaml_style(std::string_view text) {
  const Traits traits = read_traits(text);
  if (traits.has_escapes) return YamlStyle::double_quoted;
  if (traits.has_breaks) {
    const bool is_literal = !traits.has_trailing_space && !traits.has_space_before_break;
    return is_literal ? YamlStyle::literal : YamlStyle::double_quoted;
  }
  if (is_ambiguous(text)) return YamlStyle::double_quoted;
  const bool is_plain = !traits.has_indicators && !traits.has_leading_space && !traits.has_trailing_space;
  return is_plain ? YamlStyle::plain : YamlStyle::single_quoted;
}

}  // namespace egress
