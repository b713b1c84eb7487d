#include <doctest/doctest.h>

#include "egress/kube/connection.hpp"

TEST_SUITE_BEGIN("kube");

namespace egress::kube {
namespace {

/// The milliseconds; -1 if the text is not a duration.
std::int64_t milliseconds(std::string_view text) {
  const auto span = parse_duration(text);
  return span ? span->count() : -1;
}

void check_refused(const std::vector<std::string>& texts) {
  for (const std::string& text : texts) {
    CAPTURE(text);
    CHECK(milliseconds(text) == -1);
  }
}

}  // namespace

TEST_CASE("a bare number is whole seconds") {
  CHECK(milliseconds("0") == 0);
  CHECK(milliseconds("5") == 5000);
  CHECK(milliseconds("120") == 120'000);
}

TEST_CASE("a Go duration names its units, from hours to milliseconds") {
  CHECK(milliseconds("30s") == 30'000);
  CHECK(milliseconds("2m") == 120'000);
  CHECK(milliseconds("3h") == 10'800'000);
  CHECK(milliseconds("250ms") == 250);
  CHECK(milliseconds("1m30s") == 90'000);
  CHECK(milliseconds("1h0m0.5s") == 3'600'500);
  CHECK(milliseconds("1.5h") == 5'400'000);
  CHECK(milliseconds("0s") == 0);
}

TEST_CASE("less than a millisecond is rounded up, because 0 means no limit") {
  CHECK(parse_duration("500us") == std::chrono::milliseconds(1));
  CHECK(parse_duration("1\u00b5s") == std::chrono::milliseconds(1));
  CHECK(parse_duration("1500000ns") == std::chrono::milliseconds(2));
}

TEST_CASE("other texts are refused") {
  check_refused(
      {"", " ", "s", "x", "5x", "5 s", " 5s", "5s ", "-5", "-5s", "1h30", "1m30s5", "0x10", "5S", "1d"});
}

TEST_CASE("an infinite duration or NaN is refused") {
  check_refused({"inf", "infs", "nan", "nans", "1e300s", "99999999999999999999"});
}

TEST_CASE("a bare fraction or exponent is refused") {
  check_refused({"1.5", "1e3", "1e3s"});
}

}  // namespace egress::kube

TEST_SUITE_END();
