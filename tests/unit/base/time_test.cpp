#include "egress/base/time.hpp"

#include <doctest/doctest.h>

TEST_SUITE_BEGIN("base");

namespace egress {
namespace {

constexpr std::chrono::sys_seconds new_year = std::chrono::sys_days{std::chrono::year{2026} / 1 / 1};

}  // namespace

TEST_CASE("a time is read in UTC, with or without a fraction") {
  CHECK(parse_time("2026-01-01T00:00:00Z") == new_year);
  CHECK(parse_time("2026-01-01T00:00:00.123456Z") == new_year);
  CHECK(parse_time("2024-02-29T23:59:59Z") ==
        std::chrono::sys_days{std::chrono::year{2024} / 3 / 1} - std::chrono::seconds(1));
  CHECK(parse_time("1970-01-01T00:00:00Z") == std::chrono::sys_seconds{});
}

TEST_CASE("a time may be given by a clock of another zone") {
  CHECK(parse_time("2026-01-01T02:00:00+02:00") == new_year);
  CHECK(parse_time("2025-12-31T18:30:00.5-05:30") == new_year);
}

TEST_CASE("what is no whole time with its zone is none") {
  for (const std::string text :
       {"", "null", "2026-01-01", "2026-01-01T00:00:00", "2026-13-01T00:00:00Z", "2026-01-01 00:00:00Z",
        "2026-01-01T00:00:00Z and more", "2026-01-01T00:00:00+2:00", "2026-01-01T00:00:00+24:00",
        "2026-01-01T00:00:00+0200", "2026-01-01T00:00:00+aa:bb"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_time(text).has_value());
  }
}

}  // namespace egress

TEST_SUITE_END();
