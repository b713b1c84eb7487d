#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "egress/base/yaml.hpp"

namespace egress {
namespace {

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, text) != words.end();
}

/// `1_000` reads as 1000.
std::string remove_underscores(std::string_view text) {
  std::string digits(text);
  std::erase(digits, '_');
  return digits;
}

/// The whole text as a number of that base, its sign apart, within 64 bits.
std::optional<std::int64_t> parse_digits(std::string_view text, bool is_negative, int base) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  constexpr std::uint64_t limit = std::uint64_t{1} << 63U;
  if (value > limit || (value == limit && !is_negative)) return std::nullopt;
  return static_cast<std::int64_t>(is_negative ? 0 - value : value);
}

std::optional<std::int64_t> parse_integer(std::string_view digits) {
  const bool is_negative = digits.starts_with('-');
  if (is_negative || digits.starts_with('+')) digits.remove_prefix(1);
  if (digits.empty() || std::isdigit(static_cast<unsigned char>(digits.front())) == 0) return std::nullopt;
  if (digits.size() == 1 || digits.front() != '0') return parse_digits(digits, is_negative, 10);
  switch (digits[1]) {
    case 'x':
    case 'X':
      return parse_digits(digits.substr(2), is_negative, 16);
    case 'o':
    case 'O':
      return parse_digits(digits.substr(2), is_negative, 8);
    case 'b':
    case 'B':
      return parse_digits(digits.substr(2), is_negative, 2);
    default:
      return parse_digits(digits.substr(1), is_negative, 8);
  }
}

/// YAML 1.1's form of a decimal number: digits around an optional point, then an optional exponent.
bool is_float(std::string_view text) {
  std::size_t at = text.starts_with('+') || text.starts_with('-') ? 1 : 0;
  std::size_t digits = 0;
  bool has_point = false;
  for (; at < text.size() && (std::isdigit(static_cast<unsigned char>(text[at])) || text[at] == '.'); ++at) {
    if (text[at] != '.')
      ++digits;
    else if (std::exchange(has_point, true))
      return false;
  }
  if (digits == 0) return false;
  if (at == text.size()) return true;
  if (text[at] != 'e' && text[at] != 'E') return false;
  if (++at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
  return at < text.size() && std::all_of(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(),
                                         [](unsigned char c) { return std::isdigit(c) != 0; });
}

std::optional<double> parse_float(std::string_view text) {
  if (is_one_of(text, {".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"}))
    return std::numeric_limits<double>::infinity();
  if (is_one_of(text, {"-.inf", "-.Inf", "-.INF"})) return -std::numeric_limits<double>::infinity();
  if (is_one_of(text, {".nan", ".NaN", ".NAN"})) return std::numeric_limits<double>::quiet_NaN();

  if (!is_float(text)) return std::nullopt;
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  return result.ec == std::errc() ? std::optional(value) : std::nullopt;
}

}  // namespace

Json resolve_plain_scalar(std::string_view text) {
  if (is_one_of(text, {"", "~", "null", "Null", "NULL"})) return {};
  if (is_one_of(text, {"y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "true", "True", "TRUE"})) return true;
  if (is_one_of(text, {"n", "N", "no", "No", "NO", "off", "Off", "OFF", "false", "False", "FALSE"}))
    return false;
  if (text.starts_with('_')) return text;
  const std::string plain = remove_underscores(text);
  if (const auto value = parse_integer(plain)) return *value;
  if (const auto value = parse_float(plain)) return *value;
  return text;
}

}  // namespace egress
