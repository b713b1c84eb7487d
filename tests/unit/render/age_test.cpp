#include "egress/render/age.hpp"

#include <doctest/doctest.h>

TEST_SUITE_BEGIN("render");

namespace egress::render {
namespace {

using std::chrono::seconds;

const std::string created = "2026-01-01T00:00:00Z";
constexpr std::chrono::sys_seconds creation_time{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}};

constexpr long long minute = 60;
constexpr long long hour = 60 * minute;
constexpr long long day = 24 * hour;
constexpr long long year = 365 * day;

std::string age_after(long long passed) {
  return age(created, creation_time + seconds(passed));
}

}  // namespace

TEST_CASE("an age below two minutes is in seconds") {
  CHECK(age_after(0) == "0s");
  CHECK(age_after(5) == "5s");
  CHECK(age_after(119) == "119s");
}

TEST_CASE("an age from two to ten minutes is in minutes and seconds") {
  CHECK(age_after(2 * minute) == "2m");
  CHECK(age_after(2 * minute + 30) == "2m30s");
  CHECK(age_after(10 * minute - 1) == "9m59s");
}

TEST_CASE("an age from ten minutes to three hours is in minutes") {
  CHECK(age_after(10 * minute) == "10m");
  CHECK(age_after(10 * minute + 59) == "10m");
  CHECK(age_after(3 * hour - 1) == "179m");
}

TEST_CASE("an age from three to eight hours is in hours and minutes") {
  CHECK(age_after(3 * hour) == "3h");
  CHECK(age_after(3 * hour + 59) == "3h");
  CHECK(age_after(3 * hour + 5 * minute) == "3h5m");
  CHECK(age_after(8 * hour - 1) == "7h59m");
}

TEST_CASE("an age from eight hours to two days is in hours") {
  CHECK(age_after(8 * hour) == "8h");
  CHECK(age_after(2 * day - 1) == "47h");
}

TEST_CASE("an age from two to eight days is in days and hours") {
  CHECK(age_after(2 * day) == "2d");
  CHECK(age_after(2 * day + 4 * hour) == "2d4h");
  CHECK(age_after(8 * day - 1) == "7d23h");
}

TEST_CASE("an age from eight days to two years is in days") {
  CHECK(age_after(8 * day) == "8d");
  CHECK(age_after(691 * day) == "691d");
  CHECK(age_after(2 * year - 1) == "729d");
}

TEST_CASE("an age from two to eight years is in years and days, then in years") {
  CHECK(age_after(2 * year) == "2y");
  CHECK(age_after(2 * year + 10 * day) == "2y10d");
  CHECK(age_after(8 * year - 1) == "7y364d");
  CHECK(age_after(8 * year) == "8y");
  CHECK(age_after(12 * year + 200 * day) == "12y");
}

TEST_CASE("an age may be one second in the future, but not more") {
  CHECK(age_after(-1) == "0s");
  CHECK(age_after(-2) == "<invalid>");
  CHECK(age_after(-day) == "<invalid>");
}

TEST_CASE("an invalid time has an unknown age") {
  for (const std::string text :
       {"", "null", "2026-01-01", "2026-01-01T00:00:00", "2026-13-01T00:00:00Z", "2026-01-01 00:00:00Z"}) {
    CAPTURE(text);
    CHECK(age(text, creation_time) == "<unknown>");
  }
}

}  // namespace egress::render

TEST_SUITE_END();
