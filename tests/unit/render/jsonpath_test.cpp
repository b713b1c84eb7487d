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
  return JsonPath(path).to_text(list);
}

/// The error of a template that is invalid or does not fit the object.
std::string error(const std::string& path) {
  try {
    return "printed " + printed(path);
  } catch (const Error& error) {
    return error.what();
  }
}

}  // namespace

// All expected results are kubectl's output; tests/parity/printing.py compares more of them with kubectl.

TEST_CASE("text is printed unchanged, paths are evaluated, and several values are separated by blanks") {
  CHECK(printed("kind: {.kind}!") == "kind: List!");
  CHECK(printed("{.items[*].name}") == "web db");
  CHECK(printed("{.items[*]['name']}{\"\\n\"}{'x'}") == "web db\nx");
  CHECK(printed("{.items[0]['name','port']}") == "web 443");
  CHECK(printed("{$.kind}{@.kind}{ .kind }") == "ListListList");
  CHECK(printed("").empty());
}

TEST_CASE("a dot in a key must be escaped, in brackets too") {
  CHECK(printed("{.items[0].labels.k\\.with/dots}") == "yes");
  CHECK(printed("{.items[0].labels['k\\.with/dots']}") == "yes");
  CHECK(printed("{.items[0].labels['k.with/dots']}").empty());
}

TEST_CASE("lists can be indexed and sliced, and unions select several items") {
  CHECK(printed("{.items[0].hosts[0]}{.items[0].hosts[-1]}") == "ac");
  CHECK(printed("{.items[0].hosts[1:]}") == "b c");
  CHECK(printed("{.items[0].hosts[:2]}") == "a b");
  CHECK(printed("{.items[0].hosts[0:3:2]}") == "a c");
  CHECK(printed("{.items[0].hosts[-2:-1]}") == "b");
  CHECK(printed("{.items[0].hosts[0,2]}") == "a c");
  CHECK(printed("{.items[0].hosts[1:1]}").empty());
}

TEST_CASE("maps and lists are printed as compact JSON, other values unquoted") {
  CHECK(printed("{.items[0].ports}") == R"([{"name":"http","port":80},{"name":"tcp","port":5432}])");
  CHECK(printed("{.items[0].labels}") == R"({"a":"b","k.with/dots":"yes"})");
  CHECK(printed("{.items[0].weight} {.items[0].on} {.items[0].nothing} {.items[0].html}") ==
        "0.5 true null <a>");
}

TEST_CASE("a missing key prints nothing") {
  CHECK(printed("{.missing}{.missing.more[0]}{.kind.more}{.items[0].nothing.more}").empty());
}

TEST_CASE("a filter selects items by their values") {
  CHECK(printed("{.items[?(@.name==\"db\")].port}") == "5432");
  CHECK(printed("{.items[?(@.name!='db')].port}") == "443");
  CHECK(printed("{.items[?(@.port>443)].name}{.items[?(@.port<=443)].name}") == "dbweb");
  CHECK(printed("{.items[?(@.weight)].name}") == "web");
  CHECK(printed("{.items[?(@.on==true)].name}") == "web");
  CHECK(printed("{.items[*].ports[?(@.port>79)].name}") == "http tcp");
  CHECK(printed("{.items[?(@.name==\"a)b\")].name}").empty());
}

TEST_CASE("two dots search at every depth") {
  CHECK(printed("{.items[0].ports..name}") == "http tcp");
  CHECK(printed("{..labels.a}") == "b");
}

TEST_CASE("a range iterates over its items, also inside another range") {
  CHECK(printed("{range .items[*]}{.name}:{range .ports[*]}{.name},{end};{end}.") ==
        "web:http,tcp,;db:db,;.");
  CHECK(printed("{range .missing[*]}x{end}after") == "after");
  CHECK(printed("{range .items[*]}{range .missing[*]}x{end}{.name} {end}") == "web db ");
}

TEST_CASE("jsonpath-as-json prints a list for each text and path") {
  CHECK(JsonPath("{.items[*].port}").to_json(list) == "[\n    443,\n    5432\n]\n");
  CHECK(JsonPath("{.missing}").to_json(list) == "[]\n");
}

TEST_CASE("an invalid template is rejected with client-go's messages") {
  CHECK(error("{.kind") == "unclosed action");
  CHECK(error("{.items[0}") == "unterminated array");
  CHECK(error("{.items[a]}") == "invalid array index a");
  CHECK(error("{.items[-]}") == "array index - is not a number");
  CHECK(error("{.items[?(@.a]}") == "unterminated filter");
  CHECK(error("{.items[?(@.a)}") == "unclosed array expect ]");
  CHECK(error("{\"abc}") == "unterminated quoted string");
  CHECK(error("{\"a\\qb\"}") == "unquote string \"a\\qb\" error invalid syntax");
  CHECK(error("{#}") == "unrecognized character in action: U+0023 '#'");
  CHECK(error("{1.2.3}") == "cannot parse number 1.2.3");
  CHECK(error("{....name}") == "invalid multiple recursive descent");
}

TEST_CASE("a template that does not fit the object is rejected with client-go's messages") {
  CHECK(error("{.items[5]}") == "array index out of bounds: index 5, length 2");
  CHECK(error("{.items[1:0]}") == "starting index 1 is greater than ending index 0");
  CHECK(error("{.items[0:2:0]}") == "step must be > 0");
  CHECK(error("{.kind[0]}") == "string is not array or slice");
  CHECK(error("{.kind[?(@.a)]}") == "List is not array or slice and cannot be filtered");
  CHECK(error("{.items[?(@.port==\"443\")]}") == "incompatible types for comparison");
  CHECK(error("{.items[?(@.hosts==1)]}") == "invalid type for comparison");
  CHECK(error("{.items[?(@.port=443)]}") == "unrecognized filter operator =");
  CHECK(error("{.items[?(@.ports[*]==1)]}") == "can only compare one element at a time");
  CHECK(error("{foo}") == "unrecognized identifier foo");
  CHECK(error("{end}") == "not in range, nothing to end");
}

TEST_CASE("the size and the cost of a template are limited") {
  CHECK(error(std::string(70'000, 'x')) == "the template is longer than 65536 bytes");
  std::string ranges;
  for (int i = 0; i < 40; ++i) ranges += "{range .items[*]}{range @}";
  CHECK(error(ranges) == "the template takes more than 5000000 steps");
}

}  // namespace egress::render

TEST_SUITE_END();
