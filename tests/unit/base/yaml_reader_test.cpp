#include <doctest/doctest.h>

#include "egress/base/error.hpp"
#include "egress/base/yaml.hpp"
#include "egress/base/yaml_text.hpp"
#include "support/mentions.hpp"

TEST_SUITE_BEGIN("base");

namespace egress {
namespace {

/// The first document as JSON, which says the type of each value.
std::string read(std::string_view text) {
  return parse_yaml(text).dump();
}

/// What is said of a text that is refused.
std::string fault(std::string_view text) {
  try {
    parse_yaml_documents(text);
  } catch (const Error& error) {
    return error.what();
  }
  return "nothing";
}

}  // namespace

TEST_CASE("plain scalars get their YAML 1.1 types") {
  CHECK(read("a: yes\nb: 017\nc: 1e5\nd: ~\ne:\nf: 12:30\ng: 2001-12-14\nh: .5\n") ==
        R"({"a":true,"b":15,"c":100000.0,"d":null,"e":null,"f":"12:30","g":"2001-12-14","h":0.5})");
}

TEST_CASE("quoted, block and tagged scalars are text") {
  CHECK(read("[\"12345\", 'yes', !!str 123, \"\", '~']") == R"(["12345","yes","123","","~"])");
  CHECK(read("a: |\n  123\nb: >-\n  yes\n") == R"({"a":"123\n","b":"yes"})");
  CHECK(read("a: !custom text") == R"({"a":"text"})");
}

TEST_CASE("block scalars keep or strip their last line ends as they say") {
  CHECK(read("a: |\n  x\n  y\n\nb: |-\n  x\nc: |+\n  x\n\nd: >\n  x\n  y\n") ==
        R"({"a":"x\ny\n","b":"x","c":"x\n\n","d":"x y\n"})");
}

TEST_CASE("JSON is YAML, tabs and all") {
  CHECK(read("{\n\t\"a\": [1, \"2\", null, true],\n\t\"b\": {\"c\": 1.5}\n}\n") ==
        R"({"a":[1,"2",null,true],"b":{"c":1.5}})");
}

TEST_CASE("keys stay as they are written") {
  CHECK(read("1: a\nyes: b\n\"2\": c\n") == R"({"1":"a","yes":"b","2":"c"})");
}

TEST_CASE("a key written twice keeps its last value") {
  CHECK(read("a: 1\nb: 2\na: 3\n") == R"({"a":3,"b":2})");
}

TEST_CASE("a map or a sequence is no key") {
  CHECK(testing::mentions(fault("? [a]\n: 1\n"), {"invalid YAML", "line 1", "key"}));
  CHECK(testing::mentions(fault("a: 1\n{b: 1}: 2\n"), {"invalid YAML", "line 2", "key"}));
}

TEST_CASE("aliases bring what their anchor holds") {
  CHECK(read("a: &x {b: 1}\nc: *x\nd: [*x, &y 5, *y]\n") == R"({"a":{"b":1},"c":{"b":1},"d":[{"b":1},5,5]})");
  CHECK(read("a: &x 1\nb: &x 2\nc: *x\n") == R"({"a":1,"b":2,"c":2})");
}

TEST_CASE("a merge adds the keys that the map itself lacks, wherever it is") {
  CHECK(read("base: &b {x: 1, y: 2}\nmap:\n  y: 3\n  <<: *b\n")  //
        == R"({"base":{"x":1,"y":2},"map":{"y":3,"x":1}})");
  CHECK(read("base: &b {x: 1, y: 2}\nmap:\n  <<: *b\n  y: 3\n")  //
        == R"({"base":{"x":1,"y":2},"map":{"y":3,"x":1}})");
}

TEST_CASE("of several merged maps the first one counts") {
  CHECK(parse_yaml("a: &a {x: 1}\nb: &b {x: 2, y: 2}\nmap:\n  <<: [*a, *b]\n")["map"].dump() ==
        R"({"x":1,"y":2})");
}

TEST_CASE("only maps are merged") {
  const std::string why = "'<<' needs a map or a sequence of maps";
  CHECK(fault("a: 1\n<<: text\n") == "invalid YAML at line 2: " + why);
  CHECK(fault("<<: [1]\n") == "invalid YAML at line 1: " + why);
}

TEST_CASE("a quoted << is a key like any other") {
  CHECK(read("\"<<\": text\n") == R"({"<<":"text"})");
}

TEST_CASE("an alias of an unknown anchor is refused with its line") {
  CHECK(fault("a: 1\nb: *missing\n").starts_with("invalid YAML at line 2: "));
}

TEST_CASE("what the parser quotes of the document is not told") {
  CHECK(fault("a: 1\npassword: *s3cr3t\n") == "invalid YAML at line 2: the referenced anchor is not defined");
  CHECK(fault("a: \"\\q\"\n") == "invalid YAML at line 1: unknown escape character");
  // As newer parsers say it.
  CHECK(strip_quotation("the referenced anchor is not defined: s3cr3t") ==
        "the referenced anchor is not defined");
  CHECK(strip_quotation("the referenced anchor is not defined: a: b") ==
        "the referenced anchor is not defined");
  CHECK(strip_quotation("illegal map value") == "illegal map value");
}

TEST_CASE("an anchor whose value contains itself is refused") {
  CHECK(testing::mentions(fault("a: &a [*a]\n"), {"invalid YAML", "line 1", "anchor"}));
  CHECK(testing::mentions(fault("a: &a\n  b: *a\n"), {"invalid YAML", "line 2", "anchor"}));
}

TEST_CASE("a text that grows beyond the bound is refused, not expanded") {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 30; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
    for (int k = 1; k < 10; ++k) bomb += ", " + before;
    bomb += "]\n";
  }
  CHECK(testing::mentions(fault(bomb), {"too large", "aliases"}));
}

TEST_CASE("a text of which yaml-cpp makes documents for ever is refused") {
  CHECK(fault("'a',\n").ends_with("no document can start here"));
}

TEST_CASE("a hundred levels are read, more are refused without a crash") {
  CHECK(parse_yaml(std::string(100, '[') + std::string(100, ']')).is_array());
  CHECK(fault(std::string(101, '[') + std::string(101, ']')) ==
        "invalid YAML at line 1: it is nested too deeply");
  CHECK(fault(std::string(100'000, '[')) != "nothing");
  std::string dashes;
  for (int i = 0; i < 10'000; ++i) dashes += "- ";
  CHECK(testing::mentions(fault(dashes), {"invalid YAML", "line 1", "nested"}));
}

TEST_CASE("UTF-16 is read by its mark, and refused where it is none") {
  using namespace std::string_literals;
  const std::string letter = "\xfe\xff\0a\0:\0 \xd8\x3d\xde\x00\0\r"s;
  CHECK(read(letter) == "{\"a\":\"\U0001f600\"}");
  CHECK(read("\xff\xfe"
             "a\0:\0 \0\xe9\0"s) == "{\"a\":\"\u00e9\"}");
  CHECK(testing::mentions(fault("\xfe\xff\0a\0"s), {"invalid YAML", "line 1", "UTF-16"}));
  CHECK(testing::mentions(fault("\xfe\xff\xd8\x3d\0a"s), {"invalid YAML", "line 1", "UTF-16"}));
  CHECK(testing::mentions(fault("\xfe\xff\xde\x00"s), {"invalid YAML", "line 1", "UTF-16"}));
}

TEST_CASE("every document of a text is read, and parse_yaml takes the first") {
  const auto documents = parse_yaml_documents("---\na: 1\n---\n- b\n---\n---\nc\n");
  REQUIRE(documents.size() == 4);
  CHECK(documents[0].dump() == R"({"a":1})");
  CHECK(documents[1].dump() == R"(["b"])");
  CHECK(documents[2].is_null());
  CHECK(documents[3].dump() == R"("c")");
  CHECK(read("a: 1\n---\nb: 2\n") == R"({"a":1})");
  CHECK(parse_yaml("---\n---\na: 1\n").is_null());
}

TEST_CASE("an anchor is forgotten at the end of its document") {
  CHECK(fault("a: &x 1\n---\nb: *x\n").starts_with("invalid YAML at line 3: "));
}

TEST_CASE("a text without content is no document") {
  for (const std::string text : {"", "  \n\n", "# only words\n", "\xef\xbb\xbf"}) {
    CAPTURE(text);
    CHECK(parse_yaml_documents(text).empty());
    CHECK(parse_yaml(text).is_null());
  }
  CHECK(parse_yaml("---\n").is_null());
  CHECK(parse_yaml("null\n").is_null());
}

TEST_CASE("line ends of Windows and a byte order mark are accepted") {
  CHECK(read("\xef\xbb\xbf"
             "a: 1\r\nb:\r\n- x\r\n- |\r\n  two\r\n  lines\r\n") == R"({"a":1,"b":["x","two\nlines\n"]})");
}

TEST_CASE("a tab that indents is refused with its line") {
  CHECK(fault("a:\n  b: 1\n\tc: 2\n").starts_with("invalid YAML at line 3: "));
  CHECK(read("a:\t1\t\n") == R"({"a":1})");
}

TEST_CASE("malformed text is refused with its line") {
  CHECK(fault("a: 1\nb: [1, 2\n").starts_with("invalid YAML at line "));
  CHECK(fault("a: 'open") == "invalid YAML at line 1: illegal EOF in scalar");
  CHECK(fault("a: 1\n b: 2\nc: d: e\n").starts_with("invalid YAML at line "));
  CHECK(fault("a: 1\nb: [2]]\n") == "invalid YAML at line 2: illegal flow end");
}

TEST_CASE("what was cut off in a quote, or in front of a colon, is refused with its line") {
  for (const char* text : {"a: 1\nb: \"c\n", "a: 1\nb: &x 'c\n", "a: 1\nb: !!str \"c\\\"\nd: 1\n\n",
                           "a: 1\n\"b\n", "a: 1\nb: 'c''\n"})
    CHECK(fault(text) == "invalid YAML at line 2: found unexpected end of stream");
  for (const char* text : {"a: 1\nb\n", "a: 1\nb # c\n", "a: 1\n\"b\"  \n", "a: 1\n&x b\n"})
    CHECK(fault(text).starts_with("invalid YAML at line 2: "));
  CHECK(fault("a: 1\n: x\n") == "invalid YAML at line 2: did not find expected key");
}

TEST_CASE("quotes that end, and values that are nothing, are read") {
  CHECK(read("a: 'b''c'\nd: \"e\\\"\"\nf: \"g\n  h\"\n") == R"({"a":"b'c","d":"e\"","f":"g h"})");
  CHECK(read("a: it's\nb: \"\"\nc: ''\nd: |\n  \"e\n") == R"({"a":"it's","b":"","c":"","d":"\"e\n"})");
  CHECK(read("a:\nb: ~\nc : null\n\"d\":\n? e\n") == R"({"a":null,"b":null,"c":null,"d":null,"e":null})");
  CHECK(read("{a, b: , \"c\"}") == R"({"a":null,"b":null,"c":null})");
  CHECK(read("\xef\xbb\xbf\"a\": 'b'\n\"c\":\n") == R"({"a":"b","c":null})");
}

TEST_CASE("text that is not UTF-8, or holds a NUL, is refused") {
  CHECK(fault("a: \xff\n").starts_with("invalid YAML at line 1: "));
  CHECK(fault("a: \"\xc3\"\n").starts_with("invalid YAML at line 1: "));
  CHECK(fault(std::string("a: x\0y\n", 7)).starts_with("invalid YAML at line 1: "));
}

TEST_CASE("a tag of YAML's own decides the type, another one leaves the text") {
  CHECK(parse_yaml("a: !!str 123\n").dump() == R"({"a":"123"})");
  CHECK(parse_yaml("a: !!int \"5\"\n").dump() == R"({"a":5})");
  CHECK(parse_yaml("a: !!bool yes\n").dump() == R"({"a":true})");
  CHECK(parse_yaml("a: !!null ~\n").dump() == R"({"a":null})");
  CHECK(parse_yaml("a: !!binary Zm9v\n").dump() == R"({"a":"foo"})");
  CHECK(parse_yaml("a: !mine 5\n").dump() == R"({"a":"5"})");
  CHECK_THROWS_WITH_AS(parse_yaml("a: !!int x\n"),
                       "invalid YAML at line 1: the value cannot be read as !!int", Error);
  CHECK_THROWS_AS(parse_yaml("a: !!binary '!'\n"), Error);
  CHECK_THROWS_AS(parse_yaml("a: !!binary /w==\n"), Error);
}

TEST_CASE("a version other than 1.1 is refused") {
  CHECK(parse_yaml("%YAML 1.1\n---\na: 1\n").dump() == R"({"a":1})");
  CHECK_THROWS_WITH_AS(parse_yaml("# a comment\n%YAML 1.2\n---\na: 1\n"),
                       "invalid YAML at line 2: found incompatible YAML document: it is not YAML 1.1", Error);
}

TEST_CASE("a carriage return alone ends a line, too") {
  CHECK(parse_yaml("a: 1\rb: 2\r").dump() == R"({"a":1,"b":2})");
  CHECK(parse_yaml("a: 1\r\nb: 2\r\n").dump() == R"({"a":1,"b":2})");
}

TEST_CASE("control characters are refused") {
  for (const std::string text : {"a: b\x01", "a: b\x7f", "a: b\xc2\x80"}) {
    CAPTURE(text);
    CHECK_THROWS_WITH_AS(parse_yaml(text), "invalid YAML at line 1: control characters are not allowed",
                         Error);
  }
  CHECK(parse_yaml("a: \"b\tc\"\n").dump() == R"({"a":"b\tc"})");
}

TEST_CASE("indentation by a tab is named as the reason") {
  CHECK_THROWS_WITH_AS(parse_yaml("a:\n\t- b\n"), "invalid YAML at line 2: found a tab; indent with spaces",
                       Error);
}

TEST_CASE("text after the first document does not prevent reading it") {
  CHECK(parse_yaml("a: 1\n---\nb: [\n").dump() == R"({"a":1})");
}

TEST_CASE("the line of a key or an item is found by its path") {
  const std::string text = "a:\n- b: 1\n  c:\n    d: x\n- {b: [1,\n  2]}\ne: &anchor 5\nf: *anchor\n";
  CHECK(find_yaml_line(text, {}) == 1);
  CHECK(find_yaml_line(text, {"a"}) == 1);
  CHECK(find_yaml_line(text, {"a", "0"}) == 2);
  CHECK(find_yaml_line(text, {"a", "0", "c"}) == 3);
  CHECK(find_yaml_line(text, {"a", "0", "c", "d"}) == 4);
  CHECK(find_yaml_line(text, {"a", "1", "b", "1"}) == 6);
  CHECK(find_yaml_line(text, {"e"}) == 7);
  CHECK(find_yaml_line(text, {"f"}) == 8);
  CHECK(find_yaml_line(text, {"g"}) == 0);
  CHECK(find_yaml_line("a: 1\na: 2\n", {"a"}) == 2);
  CHECK(find_yaml_line("a: [\n", {"b"}) == 0);
}

TEST_CASE("escapes of one letter are characters too") {
  CHECK(parse_yaml(R"("\N\_\L\P\e")") == Json("\u0085\u00a0\u2028\u2029\x1b"));
  CHECK(parse_yaml(R"("\u00e9\Nx")") == Json("\u00e9\u0085x"));
}

}  // namespace egress

TEST_SUITE_END();
