#include <array>
#include <charconv>
#include <cmath>

#include "egress/base/go_text.hpp"

namespace egress {
namespace {

/// The fewest digits that mean the number: 0.DIGITS times ten to the `point`.
struct Decimal {
  bool negative = false;
  std::string digits;
  int point = 0;
};

Decimal to_decimal(double value) {
  constexpr std::size_t max_length = 32;
  std::array<char, max_length> text{};
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::scientific);
  std::string_view rest(text.data(), static_cast<std::size_t>(end.ptr - text.data()));
  Decimal result;
  result.negative = rest.starts_with('-');
  if (result.negative) rest.remove_prefix(1);
  const std::size_t e = rest.find('e');
  for (const char c : rest.substr(0, e))
    if (c != '.') result.digits += c;
  result.point = std::stoi(std::string(rest.substr(e + 1))) + 1;
  return result;
}

/// "1.5e-07": at least two digits in the exponent.
std::string format_with_exponent(const Decimal& number) {
  std::string text = number.negative ? "-" : "";
  text += number.digits.front();
  if (number.digits.size() > 1) text += "." + number.digits.substr(1);
  const int exponent = number.point - 1;
  const std::string digits = std::to_string(std::abs(exponent));
  return text + (exponent < 0 ? "e-" : "e+") + (digits.size() < 2 ? "0" : "") + digits;
}

std::string format_without_exponent(const Decimal& number) {
  const std::string sign = number.negative ? "-" : "";
  if (number.point <= 0)
    return sign + "0." + std::string(static_cast<std::size_t>(-number.point), '0') + number.digits;
  const auto point = static_cast<std::size_t>(number.point);
  if (number.digits.size() <= point)
    return sign + number.digits + std::string(point - number.digits.size(), '0');
  return sign + number.digits.substr(0, point) + "." + number.digits.substr(point);
}

std::string format_not_finite(double value) {
  if (std::isnan(value)) return "NaN";
  return value < 0 ? "-Inf" : "+Inf";
}

}  // namespace

std::string go_json_number(double value) {
  constexpr double smallest = 1e-6;
  constexpr double largest = 1e21;
  // JSON has no word for a number that is not finite.
  if (!std::isfinite(value)) return "null";
  if (value == 0) return std::signbit(value) ? "-0" : "0";
  const Decimal number = to_decimal(value);
  if (std::abs(value) >= smallest && std::abs(value) < largest) return format_without_exponent(number);
  std::string text = format_with_exponent(number);
  const std::size_t zero = text.find("e-0");
  if (zero != std::string::npos) text.erase(zero + 2, 1);
  return text;
}

std::string go_number(double value) {
  constexpr int smallest = -4;
  constexpr int largest = 6;
  if (!std::isfinite(value)) return format_not_finite(value);
  if (value == 0) return std::signbit(value) ? "-0" : "0";
  const Decimal number = to_decimal(value);
  const int exponent = number.point - 1;
  return exponent < smallest || exponent >= largest ? format_with_exponent(number)
                                                    : format_without_exponent(number);
}

}  // namespace egress
