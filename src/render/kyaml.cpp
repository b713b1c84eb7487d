#include "egress/render/kyaml.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cstdio>
#include <string_view>
#include <utility>

#include "egress/base/go_text.hpp"
#include "egress/base/text.hpp"
#include "egress/base/yaml_style.hpp"

namespace egress::render {
namespace {

constexpr std::size_t step = 2;

std::string spaces(std::size_t count) {
  return std::string(count, ' ');
}

/// Multibyte characters with an escape of their own.
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> long_escapes{{
    {"\u0085", "\\N"},
    {"\u00a0", "\\_"},
    {"\u2028", "\\L"},
    {"\u2029", "\\P"},
    {"\ufeff", "\\ufeff"},
}};

std::string escape_byte(char byte) {
  constexpr std::array<std::pair<char, char>, 9> letters{{{'\0', '0'},
                                                          {'\a', 'a'},
                                                          {'\b', 'b'},
                                                          {'\v', 'v'},
                                                          {'\f', 'f'},
                                                          {'\r', 'r'},
                                                          {'\x1b', 'e'},
                                                          {'"', '"'},
                                                          {'\\', '\\'}}};
  const auto known = std::ranges::find(letters, byte, &std::pair<char, char>::first);
  if (known != letters.end()) return {'\\', known->second};
  const auto code = static_cast<unsigned char>(byte);
  if ((code >= 0x20 && code != 0x7f) || byte == '\t') return {byte};
  constexpr std::string_view digits = "0123456789abcdef";
  return {'\\', 'x', digits[code / 16], digits[code % 16]};
}

/// True for an invisible character that a terminal may interpret: a multibyte control, or one that changes
/// the text direction.
bool is_invisible(std::string_view character) {
  const bool is_high_control = character.size() == 2 && needs_yaml_escape(character);
  return is_high_control || (character >= "\u200b" && character <= "\u200f") ||
         (character >= "\u202a" && character <= "\u202e") || (character >= "\u2060" && character <= "\u206f");
}

/// `\uXXXX` for a character of two or three bytes.
std::string unicode_escape(std::string_view character) {
  unsigned code = static_cast<unsigned char>(character.front()) & (character.size() == 2 ? 0x1FU : 0x0FU);
  for (const char byte : character.substr(1)) code = code << 6U | (static_cast<unsigned char>(byte) & 0x3FU);
  std::array<char, 8> text{};
  std::snprintf(text.data(), text.size(), "\\u%04x", code);
  return text.data();
}

std::string escape_text(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::string_view character = text.substr(0, std::max<std::size_t>(utf8_length(text), 1));
    const auto known = std::ranges::find_if(
        long_escapes, [&](const auto& escape) { return text.starts_with(escape.first); });
    const bool is_long = known != long_escapes.end();
    const bool is_escaped = !is_long && is_invisible(character);
    out += is_long      ? std::string(known->second)
           : is_escaped ? unicode_escape(character)
                        : escape_byte(text.front());
    text.remove_prefix(is_long ? known->first.size() : is_escaped ? character.size() : 1);
  }
  return out;
}

/// Quotes a text line by line. Each line starts with a blank that YAML ignores, or with a backslash before a
/// blank of the text.
std::string quote_lines(std::string_view text, std::size_t indent) {
  std::string out = "\"\\\n";
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    const bool ends_with_newline = end != std::string_view::npos;
    out += spaces(indent) + (line.starts_with(' ') || line.starts_with('\t') ? "\\" : " ") +
           escape_text(line) + (ends_with_newline ? "\\n\\\n" : "\\\n");
    text.remove_prefix(ends_with_newline ? end + 1 : text.size());
  }
  return out + spaces(indent) + "\"";
}

std::string quote_text(std::string_view text, std::size_t indent) {
  return text.find('\n') == std::string_view::npos ? "\"" + escape_text(text) + "\""
                                                   : quote_lines(text, indent + step);
}

bool parses_in_base(std::string_view digits, int base) {
  unsigned long long number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number, base);
  return !digits.empty() && error == std::errc() && end == digits.data() + digits.size();
}

/// True if some YAML parser reads the text as a number.
bool is_number(std::string text) {
  std::erase(text, '_');
  const std::string_view digits = std::string_view(text).substr(std::min<std::size_t>(2, text.size()));
  const std::string start = to_lower(text.substr(0, 2));
  if (start == "0x" && parses_in_base(digits, 16)) return true;
  if (start == "0o" && parses_in_base(digits, 8)) return true;
  if (start == "0b" && parses_in_base(digits, 2)) return true;
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return !text.empty() && error != std::errc::invalid_argument && end == text.data() + text.size();
}

bool is_yaml_keyword(const std::string& text) {
  constexpr std::array<std::string_view, 11> words{"n",  "y",   "t",    "f",     "no",  "yes",
                                                   "on", "off", "true", "false", "null"};
  return std::ranges::find(words, to_lower(text)) != words.end();
}

bool is_bare_key(const std::string& key) {
  const auto is_end = [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; };
  const auto is_inside = [&](unsigned char c) { return is_end(c) || c == '-' || c == '.' || c == '/'; };
  return !key.empty() && is_end(static_cast<unsigned char>(key.front())) &&
         is_end(static_cast<unsigned char>(key.back())) && std::ranges::all_of(key, is_inside) &&
         !is_yaml_keyword(key) && !is_number(key) && !is_yaml_timestamp(key);
}

bool is_collection(const Json& value) {
  return value.is_array() || value.is_object();
}

std::string format_map(const Json& map, std::size_t indent) {
  if (map.members().empty()) return "{}";
  std::string out = "{\n";
  for (const auto& [key, value] : map.members())
    out += spaces(indent + step) + (is_bare_key(key) ? key : quote_text(key, indent + step)) + ": " +
           to_kyaml(value, indent + step) + ",\n";
  return out + spaces(indent) + "}";
}

std::string format_list(const Json& list, std::size_t indent) {
  if (list.items().empty()) return "[]";
  std::vector<std::string> items;
  const bool is_compact = std::ranges::all_of(list.items(), is_collection);
  for (const Json& item : list.items())
    items.push_back(is_compact ? to_kyaml(item, indent)
                               : spaces(indent + step) + to_kyaml(item, indent + step) + ",\n");
  return is_compact ? "[" + join(items, ", ") + "]" : "[\n" + join(items, "") + spaces(indent) + "]";
}

}  // namespace

std::string to_kyaml(const Json& value, std::size_t indent) {
  if (value.is_object()) return format_map(value, indent);
  if (value.is_array()) return format_list(value, indent);
  return value.is_string() ? quote_text(value.as_string(), indent) : go_json(value);
}

}  // namespace egress::render
