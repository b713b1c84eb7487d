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

std::string blanks(std::size_t count) {
  return std::string(count, ' ');
}

/// Characters of more than one byte that stand as escapes.
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> long_escapes{{
    {"\u0085", "\\N"},
    {"\u00a0", "\\_"},
    {"\u2028", "\\L"},
    {"\u2029", "\\P"},
    {"\ufeff", "\\ufeff"},
}};

std::string escaped(char byte) {
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

/// A character that nobody sees, and that a terminal may act upon: controls of more than one byte, and those
/// that change the direction of what follows.
bool is_unseen(std::string_view character) {
  const bool is_high_control = character.size() == 2 && needs_yaml_escape(character);
  return is_high_control || (character >= "\u200b" && character <= "\u200f") ||
         (character >= "\u202a" && character <= "\u202e") || (character >= "\u2060" && character <= "\u206f");
}

/// Of a character of two or three bytes.
std::string code_escape(std::string_view character) {
  unsigned code = static_cast<unsigned char>(character.front()) & (character.size() == 2 ? 0x1FU : 0x0FU);
  for (const char byte : character.substr(1)) code = code << 6U | (static_cast<unsigned char>(byte) & 0x3FU);
  std::array<char, 8> text{};
  std::snprintf(text.data(), text.size(), "\\u%04x", code);
  return text.data();
}

std::string escaped(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::string_view character = text.substr(0, std::max<std::size_t>(utf8_length(text), 1));
    const auto known =
        std::ranges::find_if(long_escapes, [&](const auto& one) { return text.starts_with(one.first); });
    const bool is_long = known != long_escapes.end();
    const bool is_coded = !is_long && is_unseen(character);
    out += is_long ? std::string(known->second) : is_coded ? code_escape(character) : escaped(text.front());
    text.remove_prefix(is_long ? known->first.size() : is_coded ? character.size() : 1);
  }
  return out;
}

/// A line a line of the text, each begun by a blank that does not count, or by a backslash before one that
/// does.
std::string text_of_lines(std::string_view text, std::size_t indent) {
  std::string out = "\"\\\n";
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    const bool is_whole = end != std::string_view::npos;
    out += blanks(indent) + (line.starts_with(' ') || line.starts_with('\t') ? "\\" : " ") + escaped(line) +
           (is_whole ? "\\n\\\n" : "\\\n");
    text.remove_prefix(is_whole ? end + 1 : text.size());
  }
  return out + blanks(indent) + "\"";
}

std::string text_of(std::string_view text, std::size_t indent) {
  return text.find('\n') == std::string_view::npos ? "\"" + escaped(text) + "\""
                                                   : text_of_lines(text, indent + step);
}

bool is_number_in(std::string_view digits, int base) {
  unsigned long long number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number, base);
  return !digits.empty() && error == std::errc() && end == digits.data() + digits.size();
}

/// As some reader of YAML may take it.
bool is_number(std::string text) {
  std::erase(text, '_');
  const std::string_view digits = std::string_view(text).substr(std::min<std::size_t>(2, text.size()));
  const std::string start = lower(text.substr(0, 2));
  if (start == "0x" && is_number_in(digits, 16)) return true;
  if (start == "0o" && is_number_in(digits, 8)) return true;
  if (start == "0b" && is_number_in(digits, 2)) return true;
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return !text.empty() && error != std::errc::invalid_argument && end == text.data() + text.size();
}

bool is_word_of_yaml(const std::string& text) {
  constexpr std::array<std::string_view, 11> words{"n",  "y",   "t",    "f",     "no",  "yes",
                                                   "on", "off", "true", "false", "null"};
  return std::ranges::find(words, lower(text)) != words.end();
}

bool stands_bare(const std::string& key) {
  const auto is_end = [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; };
  const auto is_inside = [&](unsigned char c) { return is_end(c) || c == '-' || c == '.' || c == '/'; };
  return !key.empty() && is_end(static_cast<unsigned char>(key.front())) &&
         is_end(static_cast<unsigned char>(key.back())) && std::ranges::all_of(key, is_inside) &&
         !is_word_of_yaml(key) && !is_number(key) && !is_yaml_timestamp(key);
}

bool is_collection(const Json& value) {
  return value.is_array() || value.is_object();
}

std::string map_of(const Json& map, std::size_t indent) {
  if (map.members().empty()) return "{}";
  std::string out = "{\n";
  for (const auto& [key, value] : map.members())
    out += blanks(indent + step) + (stands_bare(key) ? key : text_of(key, indent + step)) + ": " +
           kyaml(value, indent + step) + ",\n";
  return out + blanks(indent) + "}";
}

std::string list_of_values(const Json& list, std::size_t indent) {
  if (list.items().empty()) return "[]";
  std::vector<std::string> items;
  const bool is_close = std::ranges::all_of(list.items(), is_collection);
  for (const Json& item : list.items())
    items.push_back(is_close ? kyaml(item, indent)
                             : blanks(indent + step) + kyaml(item, indent + step) + ",\n");
  return is_close ? "[" + join(items, ", ") + "]" : "[\n" + join(items, "") + blanks(indent) + "]";
}

}  // namespace

std::string kyaml(const Json& value, std::size_t indent) {
  if (value.is_object()) return map_of(value, indent);
  if (value.is_array()) return list_of_values(value, indent);
  return value.is_string() ? text_of(value.as_string(), indent) : go_json(value);
}

}  // namespace egress::render
