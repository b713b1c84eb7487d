#include "egress/base/go_text.hpp"

#include <doctest/doctest.h>

#include <limits>

TEST_SUITE_BEGIN("base");

namespace egress {

TEST_CASE("JSON is written as Go writes it: sorted, with HTML's signs escaped") {
  CHECK(go_json(Json::parse(R"({"b":[1,{}],"a":"<x> & y"})")) ==
        "{\"a\":\"\\u003cx\\u003e \\u0026 y\",\"b\":[1,{}]}");
  CHECK(go_json(Json("\u2028\u2029\x01\x1f\x7f\b\f\n\r\t\"\\/")) ==
        "\"\\u2028\\u2029\\u0001\\u001f\x7f\\b\\f\\n\\r\\t\\\"\\\\/\"");
  CHECK(go_json(Json("\u00e9\U0001f600")) == "\"\u00e9\U0001f600\"");
  CHECK(go_json(Json("a\xff")) == "\"a\\ufffd\"");
  CHECK(go_json(array({Json(), true, false, -5, Json(Json::Array{})})) == "[null,true,false,-5,[]]");
}

TEST_CASE("indented JSON has a line for each member and item, and keeps the order of the keys") {
  CHECK(go_json_indented(Json::parse(R"({"b":[1,[]],"a":{}})")) ==
        "{\n    \"b\": [\n        1,\n        []\n    ],\n    \"a\": {}\n}");
}

TEST_CASE(
    "a float has no more digits in JSON than it needs, and an exponent where it is very large or small") {
  CHECK(go_json_number(1) == "1");
  CHECK(go_json_number(0.1) == "0.1");
  CHECK(go_json_number(-1234567.5) == "-1234567.5");
  CHECK(go_json_number(1e20) == "100000000000000000000");
  CHECK(go_json_number(1e21) == "1e+21");
  CHECK(go_json_number(0.000001) == "0.000001");
  CHECK(go_json_number(1.5e-7) == "1.5e-7");
  CHECK(go_json_number(1e-10) == "1e-10");
  CHECK(go_json_number(0) == "0");
  CHECK(go_json_number(std::numeric_limits<double>::infinity()) == "null");
}

TEST_CASE("a float that is printed by itself has an exponent from a million on") {
  CHECK(go_number(999999.5) == "999999.5");
  CHECK(go_number(1e6) == "1e+06");
  CHECK(go_number(1234567.5) == "1.2345675e+06");
  CHECK(go_number(0.0001) == "0.0001");
  CHECK(go_number(0.00001) == "1e-05");
  CHECK(go_number(2.5) == "2.5");
  CHECK(go_number(-std::numeric_limits<double>::infinity()) == "-Inf");
}

TEST_CASE("a value that is printed by itself is bare, and a map as Go shows it") {
  CHECK(go_value(Json("a b")) == "a b");
  CHECK(go_value(Json()) == "<nil>");
  CHECK(go_value(Json::parse(R"({"b":["",1.5,null],"a":{"x":true}})")) ==
        "map[a:map[x:true] b:[ 1.5 <nil>]]");
  CHECK(go_value(Json(Json::Object{})) == "map[]");
}

TEST_CASE("a quoted text has Go's escapes") {
  CHECK(go_quote("{.a[?(@.b==\"c\")]}\n\t\x01\x7f\\") == R"("{.a[?(@.b==\"c\")]}\n\t\x01\x7f\\")");
  CHECK(go_quote("\u00e9\u00a0\u0085\xff") == "\"\u00e9\\u00a0\\u0085\\xff\"");
}

}  // namespace egress

TEST_SUITE_END();
