#include <chrono>
#include <optional>

#include "egress/base/yaml_style.hpp"

namespace egress {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Takes a text apart from its front.
class Reader {
 public:
  explicit Reader(std::string_view rest) : rest_(rest) {}

  bool is_at_end() const { return rest_.empty(); }

  bool consume(std::string_view any_of) {
    if (rest_.empty() || any_of.find(rest_.front()) == std::string_view::npos) return false;
    rest_.remove_prefix(1);
    return true;
  }

  /// A number of that many digits.
  std::optional<unsigned> number(std::size_t min_digits, std::size_t max_digits) {
    unsigned value = 0;
    std::size_t count = 0;
    for (; count < max_digits && count < rest_.size() && is_digit(rest_[count]); ++count)
      value = value * 10 + static_cast<unsigned>(rest_[count] - '0');
    if (count < min_digits) return std::nullopt;
    rest_.remove_prefix(count);
    return value;
  }

  void skip_fraction() {
    if (rest_.size() < 2 || (rest_[0] != '.' && rest_[0] != ',') || !is_digit(rest_[1])) return;
    rest_.remove_prefix(1);
    while (!rest_.empty() && is_digit(rest_.front())) rest_.remove_prefix(1);
  }

 private:
  std::string_view rest_;
};

bool read_date(Reader& reader) {
  const auto year = reader.number(4, 4);
  if (!year || !reader.consume("-")) return false;
  const auto month = reader.number(1, 2);
  if (!month || !reader.consume("-")) return false;
  const auto day = reader.number(1, 2);
  return day && std::chrono::year_month_day(std::chrono::year(static_cast<int>(*year)),
                                            std::chrono::month(*month), std::chrono::day(*day))
                    .ok();
}

bool read_clock(Reader& reader) {
  const auto hour = reader.number(1, 2);
  if (!hour || *hour > 23 || !reader.consume(":")) return false;
  const auto minute = reader.number(1, 2);
  if (!minute || *minute > 59 || !reader.consume(":")) return false;
  const auto second = reader.number(1, 2);
  if (!second || *second > 59) return false;
  reader.skip_fraction();
  return true;
}

bool read_zone(Reader& reader) {
  if (reader.consume("Z")) return true;
  if (!reader.consume("+-")) return false;
  const auto hours = reader.number(2, 2);
  if (!hours || *hours > 24 || !reader.consume(":")) return false;
  const auto minutes = reader.number(2, 2);
  return minutes && *minutes <= 60;
}

}  // namespace

bool is_yaml_timestamp(std::string_view text) {
  Reader reader(text);
  if (!read_date(reader)) return false;
  if (reader.is_at_end()) return true;
  if (reader.consume(" ")) return read_clock(reader) && reader.is_at_end();
  return reader.consume("Tt") && read_clock(reader) && read_zone(reader) && reader.is_at_end();
}

}  // namespace egress
