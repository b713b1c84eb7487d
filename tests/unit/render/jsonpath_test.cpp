#include "egress/render/jsonpath.hpp"

#include <doctest/doctest.h>

#include "egress/base/error.hpp"

TEST_SUITE_BEGIN("render");

namespace egress::render {
namespace {

const Json list = Json::parse(R"({
  "kind": "List",
  "items": [
    {"name": "web", "port": 443, "weight": 0.5, "on": true, "labels": {"k.with/dots": "yes", "a": "b"},
     "hosts": ["a", "b", "c"], "ports": [{"name": "http", "port": 80}, {"name": "tcp", "port": 5432}],
     "nothing": null, "html": "<a>"},
    {"name": "db", "port": 5432, "on": false, "hosts": [], "ports": [{"name": "db", "port": 1}]}
  ]
})");

std::string printed(const std::string& path) {
  return JsonPath(path).text(list);
}

/// What is said of a template that cannot be read, or not be followed.
std::string fault(const std::string& path) {
  try {
    return "printed " + printed(path);
  } catch (const Error& error) {
    return error.what();
  }
}

}  // namespace

// What each prints is what kubectl prints: tests/parity/printing.py compares more than these with it.

TEST_CASE("text stands as it is, paths are followed, and several values have a blank between") {
  CHECK(printed("kind: {.kind}!") == "kind: List!");
  CHECK(printed("{.items[*].name}") == "web db");
  CHECK(printed("{.items[*]['name']}{\"\\n\"}{'x'}") == "web db\nx");
  CHECK(printed("{.items[0]['name','port']}") == "web 443");
  CHECK(printed("{$.kind}{@.kind}{ .kind }") == "ListListList");
  CHECK(printed("").empty());
}

TEST_CASE("a dot in a key is escaped, in brackets too") {
  CHECK(printed("{.items[0].labels.k\\.with/dots}") == "yes");
  CHECK(printed("{.items[0].labels['k\\.with/dots']}") == "yes");
  CHECK(printed("{.items[0].labels['k.with/dots']}").empty());
}

TEST_CASE("lists are indexed, sliced and joined") {
  CHECK(printed("{.items[0].hosts[0]}{.items[0].hosts[-1]}") == "ac");
  CHECK(printed("{.items[0].hosts[1:]}") == "b c");
  CHECK(printed("{.items[0].hosts[:2]}") == "a b");
  CHECK(printed("{.items[0].hosts[0:3:2]}") == "a c");
  CHECK(printed("{.items[0].hosts[-2:-1]}") == "b");
  CHECK(printed("{.items[0].hosts[0,2]}") == "a c");
  CHECK(printed("{.items[0].hosts[1:1]}").empty());
}

TEST_CASE("maps and lists are compact JSON, other values bare") {
  CHECK(printed("{.items[0].ports}") == R"([{"name":"http","port":80},{"name":"tcp","port":5432}])");
  CHECK(printed("{.items[0].labels}") == R"({"a":"b","k.with/dots":"yes"})");
  CHECK(printed("{.items[0].weight} {.items[0].on} {.items[0].nothing} {.items[0].html}") ==
        "0.5 true null <a>");
}

TEST_CASE("what is missing is nothing") {
  CHECK(printed("{.missing}{.missing.more[0]}{.kind.more}{.items[0].nothing.more}").empty());
}

TEST_CASE("a filter lets items through by what they hold") {
  CHECK(printed("{.items[?(@.name==\"db\")].port}") == "5432");
  CHECK(printed("{.items[?(@.name!='db')].port}") == "443");
  CHECK(printed("{.items[?(@.port>443)].name}{.items[?(@.port<=443)].name}") == "dbweb");
  CHECK(printed("{.items[?(@.weight)].name}") == "web");
  CHECK(printed("{.items[?(@.on==true)].name}") == "web");
  CHECK(printed("{.items[*].ports[?(@.port>79)].name}") == "http tcp");
  CHECK(printed("{.items[?(@.name==\"a)b\")].name}").empty());
}

TEST_CASE("two dots look at every depth") {
  CHECK(printed("{.items[0].ports..name}") == "http tcp");
  CHECK(printed("{..labels.a}") == "b");
}

TEST_CASE("a range goes through its items, within another one too") {
  CHECK(printed("{range .items[*]}{.name}:{range .ports[*]}{.name},{end};{end}.") ==
        "web:http,tcp,;db:db,;.");
  CHECK(printed("{range .missing[*]}x{end}after") == "after");
  CHECK(printed("{range .items[*]}{range .missing[*]}x{end}{.name} {end}") == "web db ");
}

TEST_CASE("each text and path is a list as JSON") {
  CHECK(JsonPath("{.items[*].port}").json(list) == "[\n    443,\n    5432\n]\n");
  CHECK(JsonPath("{.missing}").json(list) == "[]\n");
}

TEST_CASE("a template that cannot be read is refused in client-go's words") {
  CHECK(fault("{.kind") == "unclosed action");
  CHECK(fault("{.items[0}") == "unterminated array");
  CHECK(fault("{.items[a]}") == "invalid array index a");
  CHECK(fault("{.items[-]}") == "array index - is not a number");
  CHECK(fault("{.items[?(@.a]}") == "unterminated filter");
  CHECK(fault("{.items[?(@.a)}") == "unclosed array expect ]");
  CHECK(fault("{\"abc}") == "unterminated quoted string");
  CHECK(fault("{\"a\\qb\"}") == "unquote string \"a\\qb\" error invalid syntax");
  CHECK(fault("{#}") == "unrecognized character in action: U+0023 '#'");
  CHECK(fault("{1.2.3}") == "cannot parse number 1.2.3");
  CHECK(fault("{....name}") == "invalid multiple recursive descent");
}

TEST_CASE("a template that does not fit the object is refused in client-go's words") {
  CHECK(fault("{.items[5]}") == "array index out of bounds: index 5, length 2");
  CHECK(fault("{.items[1:0]}") == "starting index 1 is greater than ending index 0");
  CHECK(fault("{.items[0:2:0]}") == "step must be > 0");
  CHECK(fault("{.kind[0]}") == "string is not array or slice");
  CHECK(fault("{.kind[?(@.a)]}") == "List is not array or slice and cannot be filtered");
  CHECK(fault("{.items[?(@.port==\"443\")]}") == "incompatible types for comparison");
  CHECK(fault("{.items[?(@.hosts==1)]}") == "invalid type for comparison");
  CHECK(fault("{.items[?(@.port=443)]}") == "unrecognized filter operator =");
  CHECK(fault("{.items[?(@.ports[*]==1)]}") == "can only compare one element at a time");
  CHECK(fault("{foo}") == "unrecognized identifier foo");
  CHECK(fault("{end}") == "not in range, nothing to end");
}

TEST_CASE("what a template costs is bounded") {
  CHECK(fault(std::string(70'000, 'x')) == "the template is longer than 65536 bytes");
  std::string ranges;
  for (int i = 0; i < 40; ++i) ranges += "{range .items[*]}{range @}";
  CHECK(fault(ranges) == "the template finds more than can be meant");
}

}  // namespace egress::render

TEST_SUITE_END();
