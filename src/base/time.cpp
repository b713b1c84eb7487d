#include "egress/base/time.hpp"

#include <algorithm>
#include <ctime>
#include <string_view>

namespace egress {
namespace {

/// "Z", or how far the clock that was read is ahead: "+02:00".
std::optional<std::chrono::seconds> parse_offset(std::string_view text) {
  if (text == "Z") return std::chrono::seconds(0);
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return std::nullopt;
  auto two_digits = [&](std::size_t at) {
    const bool digits = text[at] >= '0' && text[at] <= '9' && text[at + 1] >= '0' && text[at + 1] <= '9';
    return digits ? (text[at] - '0') * 10 + text[at + 1] - '0' : 100;
  };
  const int hours = two_digits(1);
  const int minutes = two_digits(4);
  if (hours > 23 || minutes > 59) return std::nullopt;
  const std::chrono::seconds utc_offset = std::chrono::hours(hours) + std::chrono::minutes(minutes);
  return text[0] == '-' ? -utc_offset : utc_offset;
}

}  // namespace

std::optional<std::chrono::sys_seconds> parse_time(const std::string& rfc3339) {
  std::tm parts{};
  const char* end = strptime(rfc3339.c_str(), "%Y-%m-%dT%H:%M:%S", &parts);
  if (end == nullptr) return std::nullopt;
  std::string_view rest = end;
  if (rest.starts_with('.'))
    rest.remove_prefix(std::min(rest.find_first_not_of("0123456789", 1), rest.size()));
  const auto utc_offset = parse_offset(rest);
  if (!utc_offset) return std::nullopt;
  return std::chrono::sys_seconds(std::chrono::seconds(timegm(&parts))) - *utc_offset;
}

}  // namespace egress
