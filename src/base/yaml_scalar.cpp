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

bool one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, text) != words.end();
}

/// `1_000` reads as 1000.
std::string without_underscores(std::string_view text) {
  std::string digits(text);
  std::erase(digits, '_');
  return digits;
}

std::optional<std::int64_t> whole_number(std::string_view text, int base) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::int64_t> integer(std::string_view text) {
  std::string digits = without_underscores(text);
  std::string_view rest = digits;
  bool negative = false;
  if (rest.starts_with('+') || rest.starts_with('-')) {
    negative = rest.front() == '-';
    rest.remove_prefix(1);
  }
  if (rest.empty() || rest.front() < '0' || rest.front() > '9') return std::nullopt;

  int base = 10;
  if (rest.size() > 1 && rest.front() == '0') {
    base = rest[1] == 'x' || rest[1] == 'X' ? 16 : rest[1] == 'b' ? 2 : 8;
    rest.remove_prefix(base == 8 && rest[1] != 'o' ? 1 : 2);
  }
  const auto value = whole_number(rest, base);
  return value && negative ? std::optional(-*value) : value;
}

/// YAML 1.1's form of a decimal number: digits around an optional point, then an optional exponent.
bool looks_like_a_float(std::string_view text) {
  std::size_t at = text.starts_with('+') || text.starts_with('-') ? 1 : 0;
  std::size_t digits = 0;
  bool point = false;
  for (; at < text.size() && (std::isdigit(static_cast<unsigned char>(text[at])) || text[at] == '.'); ++at) {
    if (text[at] != '.')
      ++digits;
    else if (std::exchange(point, true))
      return false;
  }
  if (digits == 0) return false;
  if (at == text.size()) return true;
  if (text[at] != 'e' && text[at] != 'E') return false;
  if (++at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
  return at < text.size() && std::all_of(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(),
                                         [](unsigned char c) { return std::isdigit(c) != 0; });
}

std::optional<double> floating(std::string_view text) {
  if (one_of(text, {".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"}))
    return std::numeric_limits<double>::infinity();
  if (one_of(text, {"-.inf", "-.Inf", "-.INF"})) return -std::numeric_limits<double>::infinity();
  if (one_of(text, {".nan", ".NaN", ".NAN"})) return std::numeric_limits<double>::quiet_NaN();

  const std::string plain = without_underscores(text);
  if (!looks_like_a_float(plain)) return std::nullopt;
  std::string_view digits = plain;
  if (digits.starts_with('+')) digits.remove_prefix(1);
  double value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

}  // namespace

Json resolve_plain_scalar(std::string_view text) {
  if (one_of(text, {"", "~", "null", "Null", "NULL"})) return {};
  if (one_of(text, {"y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "true", "True", "TRUE"})) return true;
  if (one_of(text, {"n", "N", "no", "No", "NO", "off", "Off", "OFF", "false", "False", "FALSE"}))
    return false;
  if (const auto value = integer(text)) return *value;
  if (const auto value = floating(text)) return *value;
  return text;
}

}  // namespace egress
