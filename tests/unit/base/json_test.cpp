#include "egress/base/json.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <type_traits>

#include "egress/base/error.hpp"
#include "support/mentions.hpp"

TEST_SUITE_BEGIN("base");

namespace egress {
namespace {

Json nested_arrays(std::size_t depth) {
  return Json::parse(std::string(depth, '[') + std::string(depth, ']'));
}

}  // namespace

TEST_CASE("what was parsed is dumped as it stood") {
  const std::string text = R"({"b":[true,false,null],"a":{"n":-5,"s":"x"},"empty":[{},[],""]})";
  CHECK(Json::parse(text).dump() == text);
  CHECK(Json::parse(" { \"a\" :\t1 }\r\n").dump() == R"({"a":1})");
}

TEST_CASE("text keeps its escapes, its NUL and its Unicode through a round trip") {
  const Json parsed = Json::parse(R"("\u00e9\ud83d\ude00\n\"\\\/\u0000.")");
  const std::string expected("\u00e9\U0001f600\n\"\\/\0.", 12);
  CHECK(parsed.as_string() == expected);
  CHECK(parsed.dump() == "\"\u00e9\U0001f600\\n\\\"\\\\/\\u0000.\"");
  CHECK(Json::parse(parsed.dump()) == parsed);
}

TEST_CASE("pretty text is indented by four and ends its line") {
  CHECK(Json::parse(R"({"b":[1],"a":{}})").dump_pretty() ==
        "{\n    \"b\": [\n        1\n    ],\n    \"a\": {}\n}\n");
}

TEST_CASE("whole numbers of 64 bits are exact, larger ones become floating") {
  CHECK(Json::parse("9223372036854775807").as_integer() == std::numeric_limits<std::int64_t>::max());
  CHECK(Json::parse("-9223372036854775808").as_integer() == std::numeric_limits<std::int64_t>::min());
  const Json large = Json::parse("18446744073709551615");
  CHECK_FALSE(large.is_integer());
  CHECK(large.as_number() == 18446744073709551616.0);
}

TEST_CASE("floating numbers come back bit for bit and do not pass for whole ones") {
  const double tenth = 0.1;
  CHECK(Json::parse("0.1").as_number() == tenth);
  CHECK(Json::parse(Json(tenth).dump()).as_number() == tenth);
  CHECK(Json(1.0).dump() == "1.0");
  CHECK_FALSE(Json::parse("1e5").is_integer());
  CHECK(Json(7).as_number() == 7.0);
}

TEST_CASE("a number that JSON cannot write is dumped as null") {
  CHECK(array({std::numeric_limits<double>::infinity()}).dump() == "[null]");
  CHECK(array({std::numeric_limits<double>::quiet_NaN()}).dump() == "[null]");
}

TEST_CASE("a pointer is no boolean") {
  static_assert(!std::is_constructible_v<Json, const int*>);
  CHECK(Json("true").is_string());
  CHECK(Json(true).is_bool());
  CHECK_FALSE(Json(true).is_integer());
}

TEST_CASE("200 levels are read, 201 are refused") {
  CHECK(nested_arrays(200).is_array());
  CHECK(testing::mentions(testing::error_of([] { nested_arrays(201); }),
                          {"invalid JSON", "offset 200", "nested"}));
}

TEST_CASE("a million brackets are refused without a crash") {
  CHECK_THROWS_AS(Json::parse(std::string(1'000'000, '[')), Error);
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += R"({"a":)";
  CHECK_THROWS_AS(Json::parse(objects), Error);
}

TEST_CASE("malformed text is refused with its offset") {
  CHECK(testing::mentions(testing::error_of([] { Json::parse(""); }), {"invalid JSON", "offset 0", "empty"}));
  CHECK(
      testing::mentions(testing::error_of([] { Json::parse("{\"a\":tru}"); }), {"invalid JSON", "offset 8"}));
  for (const std::string text :
       {"{", "[1,]", "{\"a\":1,}", "1 2", "'a'", "[01]", "nul", "{a:1}", "\"a", "1e999"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(Json::parse(text), Error);
  }
}

TEST_CASE("half a character is the replacement character") {
  CHECK(Json::parse(R"({"a\ude00":"\ude00b\udfff"})").dump() == "{\"a\ufffd\":\"\ufffdb\ufffd\"}");
  CHECK(Json::parse("\"\ud55c\"").dump() == "\"\ud55c\"");
}

TEST_CASE("text that is not UTF-8 is refused") {
  CHECK_THROWS_AS(Json::parse("\"\xff\""), Error);
  CHECK_THROWS_AS(Json::parse("\"\xc3\""), Error);
  CHECK_THROWS_AS(Json::parse("\"\xc0\xaf\""), Error);
  CHECK_THROWS_AS(Json::parse(R"("\ud800")"), Error);
}

TEST_CASE("a read of another type is empty, or what the caller says") {
  const Json text("x");
  CHECK(text.as_integer() == 0);
  CHECK(text.as_integer(5) == 5);
  CHECK(text.as_number(1.5) == 1.5);
  CHECK(text.as_bool(true));
  CHECK(text.items().empty());
  CHECK(text.members().empty());
  CHECK(text["a"]["b"].is_null());
  CHECK(Json(5).as_string().empty());
  CHECK(Json("true").as_bool() == false);
  CHECK(Json(1.5).as_integer(3) == 3);
}

TEST_CASE("a member that is null is there, one that is missing is not") {
  const Json json = Json::parse(R"({"a":null})");
  CHECK(json.has("a"));
  CHECK_FALSE(json.has("b"));
  CHECK(json.find("b") == nullptr);
  CHECK(json["a"].is_null());
  CHECK(json["b"].is_null());
}

TEST_CASE("null members of a literal are left out, null items are kept") {
  CHECK(object({{"a", 1}, {"b", Json()}, {"c", "x"}}).dump() == R"({"a":1,"c":"x"})");
  CHECK(array({1, Json(), true}).dump() == "[1,null,true]");
  CHECK(array(std::vector<std::string>{"a", "b"}).dump() == R"(["a","b"])");
  CHECK(object({}).dump() == "{}");
}

TEST_CASE("set replaces in place, appends what is new, and removes for null") {
  Json json = object({{"a", 1}, {"b", 2}});
  json.set("a", "one");
  json.set("c", 3);
  CHECK(json.dump() == R"({"a":"one","b":2,"c":3})");
  json.set("b", {});
  CHECK(json.dump() == R"({"a":"one","c":3})");
  json.erase("missing");
  json.erase("a");
  CHECK(json.dump() == R"({"c":3})");
}

TEST_CASE("edit makes what is missing on the way, and an object of anything else") {
  Json json("text");
  json.edit("metadata").edit("labels").set("app", "web");
  CHECK(json.dump() == R"({"metadata":{"labels":{"app":"web"}}})");
  json.edit("metadata").push("now a list");
  CHECK(json.dump() == R"({"metadata":["now a list"]})");
  Json text("x");
  text.erase("a");
  CHECK(text == Json("x"));
}

TEST_CASE("sorted orders keys at every depth and leaves lists and the original alone") {
  const Json json = Json::parse(R"({"b":[{"z":1,"y":2},"b","a"],"a":{"d":1,"c":2}})");
  CHECK(json.sorted().dump() == R"({"a":{"c":2,"d":1},"b":[{"y":2,"z":1},"b","a"]})");
  CHECK(json.dump() == R"({"b":[{"z":1,"y":2},"b","a"],"a":{"d":1,"c":2}})");
}

TEST_CASE("a value that is gone with the expression leaves what it held") {
  auto made = [] { return object({{"hosts", array({"a.example", "b.example"})}}); };
  std::string text;
  for (const Json& host : made()["hosts"].items()) text += host.as_string();
  CHECK(text == "a.exampleb.example");
  for (const auto& [key, value] : made().members()) CHECK(key == "hosts");
  const std::string& name = Json("httpbin").as_string();
  CHECK(name == "httpbin");
}

TEST_CASE("a number is the nearest one, however long it is, and none that is too big is taken") {
  CHECK(Json::parse("-0").as_integer(1) == 0);
  CHECK(Json::parse("-9223372036854775808").is_integer());
  CHECK_FALSE(Json::parse("9223372036854775808").is_integer());
  CHECK(Json::parse("9223372036854775808").as_number() == 9223372036854775808.0);
  CHECK(Json::parse("[-1.5e3, 1E2]") == array({-1500.0, 100.0}));
  CHECK(Json::parse("1e-400").as_number(1) == 0);
  CHECK(Json::parse("0." + std::string(400, '0') + "10248191152060861927").as_number(1) == 0);
  CHECK(Json::parse("0." + std::string(300, '0') + "123" + std::string(500, '4')).as_number() > 1.2e-301);
  CHECK(testing::mentions(testing::error_of([] { Json::parse("[1e309]"); }),
                          {"invalid JSON", "offset 1", "number"}));
  CHECK_THROWS(Json::parse("[1.8e308]"));
  CHECK_THROWS(Json::parse("[01]"));
  CHECK_THROWS(Json::parse("[1.]"));
}

}  // namespace egress

TEST_SUITE_END();
