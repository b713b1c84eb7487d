#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "egress/base/yaml.hpp"

TEST_SUITE_BEGIN("base");

namespace egress {
namespace {

void check_text(const std::vector<std::string>& texts) {
  for (const std::string& text : texts) {
    CAPTURE(text);
    CHECK(resolve_plain_scalar(text).dump() == Json(text).dump());
  }
}

void check_integer(std::string_view text, std::int64_t value) {
  CAPTURE(std::string(text));
  REQUIRE(resolve_plain_scalar(text).is_integer());
  CHECK(resolve_plain_scalar(text).as_integer() == value);
}

void check_floating(std::string_view text, double value) {
  CAPTURE(std::string(text));
  REQUIRE(resolve_plain_scalar(text).is_number());
  CHECK_FALSE(resolve_plain_scalar(text).is_integer());
  CHECK(resolve_plain_scalar(text).as_number() == value);
}

}  // namespace

TEST_CASE("YAML 1.1 has five words for nothing") {
  for (const std::string text : {"", "~", "null", "Null", "NULL"}) {
    CAPTURE(text);
    CHECK(resolve_plain_scalar(text).is_null());
  }
  check_text({"nULL", "nil", "none", "~~"});
}

TEST_CASE("YAML 1.1 has eleven words for true and eleven for false") {
  for (const std::string text : {"y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "true", "True", "TRUE"}) {
    CAPTURE(text);
    CHECK(resolve_plain_scalar(text) == Json(true));
  }
  for (const std::string text :
       {"n", "N", "no", "No", "NO", "off", "Off", "OFF", "false", "False", "FALSE"}) {
    CAPTURE(text);
    CHECK(resolve_plain_scalar(text) == Json(false));
  }
  check_text({"yEs", "oN", "tRUE", "ye", "norway", "t", "f", "enabled"});
}

TEST_CASE("whole numbers are read in base 10, 16, 8 and 2") {
  check_integer("0", 0);
  check_integer("443", 443);
  check_integer("+5", 5);
  check_integer("-5", -5);
  check_integer("1_000", 1000);
  check_integer("0x1F", 31);
  check_integer("0X1f", 31);
  check_integer("-0x1F", -31);
  check_integer("017", 15);
  check_integer("0o17", 15);
  check_integer("0b101", 5);
  check_integer("-0b1", -1);
}

TEST_CASE("the prefixes of Go's ParseInt count in capitals too") {
  check_integer("0O17", 15);
  check_integer("0B101", 5);
}

TEST_CASE("both ends of 64 bits are whole numbers") {
  check_integer("9223372036854775807", std::numeric_limits<std::int64_t>::max());
  check_integer("-9223372036854775808", std::numeric_limits<std::int64_t>::min());
  check_floating("9223372036854775808", 9223372036854775808.0);
}

TEST_CASE("digits that are no octal number are floating") {
  check_floating("08", 8);
  check_floating("0192", 192);
}

TEST_CASE("floating numbers may lack a digit on one side of the point") {
  check_floating("1.5", 1.5);
  check_floating("1.10", 1.1);
  check_floating(".5", 0.5);
  check_floating("1.", 1.0);
  check_floating("-.5", -0.5);
  check_floating("+1.5", 1.5);
  check_floating("1e5", 1e5);
  check_floating("1E-5", 1e-5);
  check_floating("1.5e+3", 1500);
  check_floating("1_0.5", 10.5);
}

TEST_CASE("infinity and no-number have their own words") {
  const double infinity = std::numeric_limits<double>::infinity();
  check_floating(".inf", infinity);
  check_floating("+.INF", infinity);
  check_floating("-.Inf", -infinity);
  CHECK(std::isnan(resolve_plain_scalar(".nan").as_number()));
  check_text({"inf", "nan", "infinity", "-.nan", ".infinity", "NaN"});
}

TEST_CASE("a number too large for a double stays text, as with Go's ParseFloat") {
  check_text({"1e400", "-1e400"});
}

TEST_CASE("dates, times, versions and addresses are text") {
  check_text({"2001-12-14", "12:30:45", "12:30", "1.30.3", "10.0.0.1", "2001-12-14T21:59:43Z", "1e", "e5",
              "1e+", "0x", "0xg", "1a", ".", "-", "+", "--5", "+-5", "1-2", "httpbin.org"});
}

TEST_CASE("a sign belongs in front of the base") {
  check_text({"0-5", "0x-5", "0o-5", "0b-1", "-0-5"});
}

TEST_CASE("an underscore makes no number of what does not begin as one") {
  check_text({"_1", "_", "__5", "_1.5"});
}

}  // namespace egress

TEST_SUITE_END();
