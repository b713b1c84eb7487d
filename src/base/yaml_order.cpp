#include <algorithm>
#include <utility>

#include "egress/base/yaml.hpp"

namespace egress {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Of UTF-8 every byte beyond ASCII counts as one.
bool is_letter(char c) {
  return static_cast<unsigned char>(c) >= 0x80 || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// The number that is read on from `value` at a place of the text, and where it ends.
std::pair<std::uint64_t, std::size_t> parse_number(std::string_view text, std::size_t at,
                                                   std::uint64_t value) {
  for (; at < text.size() && is_digit(text[at]); ++at)
    value = value * 10 + static_cast<std::uint64_t>(text[at] - '0');
  return {value, at};
}

/// True where the digits before a place are more than zeros: a zero there is no leading one.
bool is_within_number(std::string_view text, std::size_t at) {
  while (at > 0 && is_digit(text[at - 1]))
    if (text[--at] != '0') return true;
  return false;
}

/// Of two keys that differ at a place first.
bool is_less_at(std::string_view a, std::string_view b, std::size_t at) {
  const bool is_a_letter = is_letter(a[at]);
  const bool is_b_letter = is_letter(b[at]);
  if (is_a_letter && is_b_letter)
    return static_cast<unsigned char>(a[at]) < static_cast<unsigned char>(b[at]);
  if (is_a_letter || is_b_letter) return is_b_letter;
  const std::uint64_t initial = (a[at] == '0' || b[at] == '0') && is_within_number(a, at) ? 1 : 0;
  const auto [number, end] = parse_number(a, at, initial);
  const auto [other, other_end] = parse_number(b, at, initial);
  if (number != other) return number < other;
  if (end != other_end) return end < other_end;
  return a[at] < b[at];
}

/// go-yaml's order of keys (go.yaml.in/yaml/v2, sorter.go): numbers in them count by their value, and signs
/// come before letters.
bool is_key_less(std::string_view a, std::string_view b) {
  for (std::size_t at = 0; at < std::min(a.size(), b.size()); ++at)
    if (a[at] != b[at]) return is_less_at(a, b, at);
  return a.size() < b.size();
}

}  // namespace

Json sort_yaml_keys(const Json& json) {
  if (json.is_array()) {
    Json::Array items;
    for (const Json& item : json.items()) items.push_back(sort_yaml_keys(item));
    return items;
  }
  if (!json.is_object()) return json;
  Json::Object members;
  for (const auto& [key, value] : json.members()) members.emplace_back(key, sort_yaml_keys(value));
  std::ranges::stable_sort(members, is_key_less, &Json::Object::value_type::first);
  return members;
}

}  // namespace egress
