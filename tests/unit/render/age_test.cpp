#include "egress/render/age.hpp"

#include <doctest/doctest.h>

TEST_SUITE_BEGIN("render");

namespace egress::render {
namespace {

using std::chrono::seconds;

const std::string born = "2026-01-01T00:00:00Z";
constexpr std::chrono::sys_seconds birth{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}};

constexpr long long minute = 60;
constexpr long long hour = 60 * minute;
constexpr long long day = 24 * hour;
constexpr long long year = 365 * day;

std::string after(long long passed) {
  return age(born, birth + seconds(passed));
}

}  // namespace

TEST_CASE("below two minutes age is in seconds") {
  CHECK(after(0) == "0s");
  CHECK(after(5) == "5s");
  CHECK(after(119) == "119s");
}

TEST_CASE("from two minutes to ten it is in minutes and seconds") {
  CHECK(after(2 * minute) == "2m");
  CHECK(after(2 * minute + 30) == "2m30s");
  CHECK(after(10 * minute - 1) == "9m59s");
}

TEST_CASE("from ten minutes to three hours it is in minutes") {
  CHECK(after(10 * minute) == "10m");
  CHECK(after(10 * minute + 59) == "10m");
  CHECK(after(3 * hour - 1) == "179m");
}

TEST_CASE("from three hours to eight it is in hours and minutes") {
  CHECK(after(3 * hour) == "3h");
  CHECK(after(3 * hour + 59) == "3h");
  CHECK(after(3 * hour + 5 * minute) == "3h5m");
  CHECK(after(8 * hour - 1) == "7h59m");
}

TEST_CASE("from eight hours to two days it is in hours") {
  CHECK(after(8 * hour) == "8h");
  CHECK(after(2 * day - 1) == "47h");
}

TEST_CASE("from two days to eight it is in days and hours") {
  CHECK(after(2 * day) == "2d");
  CHECK(after(2 * day + 4 * hour) == "2d4h");
  CHECK(after(8 * day - 1) == "7d23h");
}

TEST_CASE("from eight days to two years it is in days") {
  CHECK(after(8 * day) == "8d");
  CHECK(after(691 * day) == "691d");
  CHECK(after(2 * year - 1) == "729d");
}

TEST_CASE("from two years to eight it is in years and days, then in years") {
  CHECK(after(2 * year) == "2y");
  CHECK(after(2 * year + 10 * day) == "2y10d");
  CHECK(after(8 * year - 1) == "7y364d");
  CHECK(after(8 * year) == "8y");
  CHECK(after(12 * year + 200 * day) == "12y");
}

TEST_CASE("a clock may be a second behind, but not more") {
  CHECK(after(-1) == "0s");
  CHECK(after(-2) == "<invalid>");
  CHECK(after(-day) == "<invalid>");
}

TEST_CASE("a time that cannot be read has no age") {
  for (const std::string text :
       {"", "null", "2026-01-01", "2026-01-01T00:00:00", "2026-13-01T00:00:00Z", "2026-01-01 00:00:00Z"}) {
    CAPTURE(text);
    CHECK(age(text, birth) == "<unknown>");
  }
}

}  // namespace egress::render

TEST_SUITE_END();
