#include "egress/render/age.hpp"

#include "egress/base/time.hpp"

namespace egress::render {
namespace {

constexpr long long minute = 60;
constexpr long long hour = 60 * minute;
constexpr long long day = 24 * hour;
constexpr long long year = 365 * day;

/// "3h5m", or "3h" if the smaller unit is zero.
std::string two_units(long long seconds, long long big, char big_name, long long small, char small_name) {
  std::string text = std::to_string(seconds / big) + big_name;
  const long long rest = seconds % big / small;
  if (rest > 0) text += std::to_string(rest) + small_name;
  return text;
}

}  // namespace

std::string human_duration(std::chrono::seconds time) {
  const long long seconds = time.count();
  if (seconds < 2 * minute) return std::to_string(seconds) + "s";
  if (seconds < 10 * minute) return two_units(seconds, minute, 'm', 1, 's');
  if (seconds < 3 * hour) return std::to_string(seconds / minute) + "m";
  if (seconds < 8 * hour) return two_units(seconds, hour, 'h', minute, 'm');
  if (seconds < 2 * day) return std::to_string(seconds / hour) + "h";
  if (seconds < 8 * day) return two_units(seconds, day, 'd', hour, 'h');
  if (seconds < 2 * year) return std::to_string(seconds / day) + "d";
  if (seconds < 8 * year) return two_units(seconds, year, 'y', day, 'd');
  return std::to_string(seconds / year) + "y";
}

std::string age(const std::string& rfc3339, std::chrono::sys_seconds now) {
  const auto then = parse_time(rfc3339);
  if (!then) return "<unknown>";
  const std::chrono::seconds passed = now - *then;
  if (passed.count() < -1) return "<invalid>";
  return human_duration(std::max(passed, std::chrono::seconds(0)));
}

}  // namespace egress::render
