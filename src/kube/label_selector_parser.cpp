#include <algorithm>
#include <cctype>
#include <vector>

#include "egress/base/error.hpp"
#include "egress/base/text.hpp"
#include "egress/kube/label_selector.hpp"

namespace egress::kube {
namespace {

using Operator = Requirement::Operator;

constexpr std::size_t max_name_length = 63;
constexpr std::size_t max_prefix_length = 253;

[[noreturn]] void fail(std::string_view part, const std::string& why) {
  throw Error("invalid selector \"" + printable(trim(part), 300) + "\": " + why,
              "example: -l team=shop,tier!=test,env in (a,b),!legacy");
}

bool is_small_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/// `example.com`
bool is_domain(std::string_view text) {
  const std::vector<std::string> parts = split(text, '.');
  return !text.empty() && text.size() <= max_prefix_length &&
         std::ranges::all_of(parts, [](const std::string& part) {
           return !part.empty() && part.front() != '-' && part.back() != '-' &&
                  std::ranges::all_of(part, [](char c) { return is_small_letter_or_digit(c) || c == '-'; });
         });
}

bool is_letter_or_digit(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0;
}

std::string parse_key(std::string_view part, std::string_view key) {
  key = trim(key);
  if (!is_label_key(key)) fail(part, "\"" + printable(key, 300) + "\" is not a valid label key");
  return std::string(key);
}

std::string parse_value(std::string_view part, std::string_view value) {
  value = trim(value);
  if (!is_label_value(value)) fail(part, "\"" + printable(value, 300) + "\" is not a valid label value");
  return std::string(value);
}

/// `(a, b)`
std::vector<std::string> parse_values(std::string_view part, std::string_view list) {
  list = trim(list);
  if (!list.starts_with('(') || !list.ends_with(')')) fail(part, "values must be in parentheses");
  std::vector<std::string> values;
  for (const std::string& value : split(list.substr(1, list.size() - 2), ','))
    values.push_back(parse_value(part, value));
  if (values.empty()) values.emplace_back();
  return values;
}

Requirement parse_requirement(std::string_view part) {
  const std::string_view text = trim(part);
  const std::size_t sign = text.find_first_of("=!", 1);
  if (text.starts_with('!')) return {parse_key(part, text.substr(1)), Operator::does_not_exist};
  if (sign != std::string_view::npos) {
    const bool is_inequality = text[sign] == '!';
    const bool has_equals = sign + 1 < text.size() && text[sign + 1] == '=';
    if (is_inequality && !has_equals) fail(part, "\"!\" must be followed by a key or by \"=\"");
    return {parse_key(part, text.substr(0, sign)),
            is_inequality ? Operator::not_in : Operator::in,
            {parse_value(part, text.substr(sign + (has_equals ? 2 : 1)))}};
  }
  const std::size_t blank = text.find_first_of(" \t");
  if (blank == std::string_view::npos) return {parse_key(part, text), Operator::exists};
  const std::string_view rest = trim(text.substr(blank));
  const std::string_view word = rest.substr(0, rest.find_first_of(" \t("));
  if (word != "in" && word != "notin") fail(part, "a key must be followed by in, notin, = or !=");
  return {parse_key(part, text.substr(0, blank)), word == "in" ? Operator::in : Operator::not_in,
          parse_values(part, rest.substr(word.size()))};
}

}  // namespace

/// The name part of a label key has the same rules: letters, digits, `-`, `_` and `.`, with a letter or digit
/// at both ends.
bool is_label_value(std::string_view text) {
  if (text.empty()) return true;
  return text.size() <= max_name_length && is_letter_or_digit(text.front()) &&
         is_letter_or_digit(text.back()) && std::ranges::all_of(text, [](char c) {
           return is_letter_or_digit(c) || c == '-' || c == '_' || c == '.';
         });
}

bool is_label_key(std::string_view text) {
  const std::size_t slash = text.find('/');
  const bool has_prefix = slash != std::string_view::npos;
  const std::string_view prefix = text.substr(0, has_prefix ? slash : 0);
  const std::string_view name = text.substr(has_prefix ? slash + 1 : 0);
  return !name.empty() && is_label_value(name) && (!has_prefix || is_domain(prefix));
}

LabelSelector LabelSelector::parse(std::string_view text) {
  LabelSelector result;
  while (!trim(text).empty()) {
    // Do not split at a comma in parentheses.
    const std::size_t open = text.find('(');
    std::size_t comma = text.find(',');
    if (open < comma) comma = text.find(',', std::min(text.find(')', open), text.size()));
    const std::string_view part = text.substr(0, comma);
    if (trim(part).empty()) fail(text, "missing requirement before a comma");
    result.requirements.push_back(parse_requirement(part));
    if (comma == std::string_view::npos) break;
    text.remove_prefix(comma + 1);
    if (trim(text).empty()) fail(part, "missing requirement after the comma");
  }
  return result;
}

}  // namespace egress::kube
