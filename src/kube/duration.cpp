#include <charconv>
#include <cmath>

#include "egress/kube/connection.hpp"

namespace egress::kube {
namespace {

/// The milliseconds in a unit of a Go duration; 0 if the unit is unknown.
double unit_of(std::string_view unit) {
  if (unit == "ns") return 1e-6;
  if (unit == "us" || unit == "\u00b5s" || unit == "\u03bcs") return 1e-3;
  if (unit == "ms") return 1;
  if (unit == "s") return 1000;
  if (unit == "m") return 60'000;
  if (unit == "h") return 3'600'000;
  return 0;
}

/// Parses whole seconds without a unit.
std::optional<double> whole_seconds(std::string_view text) {
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc() || end != text.data() + text.size() || seconds < 0) return std::nullopt;
  return static_cast<double>(seconds) * 1000;
}

/// Parses numbers, each with its unit.
std::optional<double> with_units(std::string_view text) {
  double total = 0;
  while (!text.empty()) {
    double number = 0;
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
    if (error != std::errc() || std::isdigit(static_cast<unsigned char>(text.front())) == 0)
      return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    const std::string_view unit = text.substr(0, text.find_first_of("0123456789."));
    if (unit_of(unit) == 0) return std::nullopt;
    total += number * unit_of(unit);
    text.remove_prefix(unit.size());
  }
  return total;
}

}  // namespace

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  constexpr double longest = 1e12;
  if (text.empty()) return std::nullopt;
  auto span = whole_seconds(text);
  if (!span) span = with_units(text);
  if (!span || !(*span <= longest)) return std::nullopt;
  // Round up, because 0 means no limit.
  return std::chrono::milliseconds(static_cast<std::int64_t>(std::ceil(*span)));
}

}  // namespace egress::kube
