#include "egress/render/quantity.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <string>
#include <utility>

namespace egress::render {
namespace {

constexpr double binary_step = 1024;

constexpr std::array<std::pair<std::string_view, int>, 6> binary_suffixes{
    {{"Ki", 1}, {"Mi", 2}, {"Gi", 3}, {"Ti", 4}, {"Pi", 5}, {"Ei", 6}}};

constexpr std::array<std::pair<std::string_view, int>, 10> decimal_suffixes{{{"", 0},
                                                                             {"n", -9},
                                                                             {"u", -6},
                                                                             {"m", -3},
                                                                             {"k", 3},
                                                                             {"M", 6},
                                                                             {"G", 9},
                                                                             {"T", 12},
                                                                             {"P", 15},
                                                                             {"E", 18}}};

/// The factor of a suffix: a unit, or a decimal exponent.
std::optional<double> parse_suffix(std::string_view suffix) {
  for (const auto& [name, power] : binary_suffixes)
    if (suffix == name) return std::pow(binary_step, power);
  for (const auto& [name, power] : decimal_suffixes)
    if (suffix == name) return std::pow(10, power);
  if (suffix.size() < 2 || (suffix.front() != 'e' && suffix.front() != 'E')) return std::nullopt;
  suffix.remove_prefix(suffix[1] == '+' ? 2 : 1);
  int power = 0;
  const auto [end, error] = std::from_chars(suffix.data(), suffix.data() + suffix.size(), power);
  if (error != std::errc() || end != suffix.data() + suffix.size()) return std::nullopt;
  return std::pow(10, power);
}

}  // namespace

std::optional<double> parse_quantity(std::string_view text) {
  const bool is_negative = text.starts_with('-');
  if (is_negative || text.starts_with('+')) text.remove_prefix(1);
  const std::size_t digits = std::min(text.find_first_not_of("0123456789."), text.size());
  const std::string_view number = text.substr(0, digits);
  double value = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
  if (error != std::errc() || end != number.data() + number.size()) return std::nullopt;
  const auto factor = parse_suffix(text.substr(digits));
  if (!factor) return std::nullopt;
  return (is_negative ? -value : value) * *factor;
}

}  // namespace egress::render
