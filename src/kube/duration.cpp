#include <charconv>

#include "egress/kube/access.hpp"

namespace egress::kube {
namespace {

/// Milliseconds in a Go duration's unit; 0 where there is no such unit.
double unit_of(std::string_view unit) {
  if (unit == "ms") return 1;
  if (unit == "s") return 1000;
  if (unit == "m") return 60'000;
  if (unit == "h") return 3'600'000;
  return 0;
}

}  // namespace

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  constexpr double longest = 1e12;
  if (text.empty()) return std::nullopt;
  double total = 0;
  bool whole_seconds = true;
  for (std::string_view rest = text; !rest.empty();) {
    double number = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
    if (error != std::errc() || number < 0) return std::nullopt;
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    if (rest.empty() && whole_seconds) {
      total = number * 1000;
      break;
    }
    whole_seconds = false;
    const std::string_view unit = rest.substr(0, rest.find_first_of("0123456789."));
    if (unit_of(unit) == 0) return std::nullopt;
    total += number * unit_of(unit);
    rest.remove_prefix(unit.size());
  }
  if (!(total <= longest)) return std::nullopt;
  return std::chrono::milliseconds(static_cast<std::int64_t>(total));
}

}  // namespace egress::kube
