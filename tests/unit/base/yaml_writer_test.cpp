#include <doctest/doctest.h>

#include <array>
#include <limits>
#include <random>

#include "egress/base/yaml.hpp"

TEST_SUITE_BEGIN("base");

namespace egress {
namespace {

/// Makes the same values in every run: those that a YAML text can get wrong, many times over.
class RandomJson {
 public:
  explicit RandomJson(unsigned seed) : random_(seed) {}

  Json value(int depth) {
    switch (below(depth > 0 ? 7 : 5)) {
      case 0:
        return below(2) == 0 ? Json() : Json(below(2) == 0);
      case 1:
        return integer();
      case 2:
        return std::array{2.5, -1.5, 1e300, 1e-7, 0.1, 1234567.5, -2.5e-9}[below(7)];
      case 3:
      case 4:
        return text();
      case 5:
        return items(depth);
      default:
        return members(depth);
    }
  }

 private:
  std::size_t below(std::size_t end) {
    return std::uniform_int_distribution<std::size_t>(0, end - 1)(random_);
  }

  Json integer() {
    constexpr std::array<std::int64_t, 6> numbers{0,
                                                  443,
                                                  -1,
                                                  1'000'000'007,
                                                  std::numeric_limits<std::int64_t>::max(),
                                                  std::numeric_limits<std::int64_t>::min()};
    return numbers[below(numbers.size())];
  }

  std::string text() {
    constexpr std::array pieces{"a",    "b c",  " ",    "\n", ":",   "- ",     "#",          "\t",   "'",
                                "\"",   "{",    "]",    ",",  "\r",  "?",      "!",          "|",    ">",
                                "%",    "@",    "`",    "0",  "1",   "e",      "_",          ".",    "-",
                                "+",    "yes",  "~",    "&",  "*",   "\u00e9", "\\",         "=",    "<<",
                                "\x7f", "\x01", "\n\n", "  ", "---", "null",   "\U0001f600", "x: y", " #"};
    std::string made;
    for (std::size_t left = below(6); left > 0; --left) made += pieces[below(pieces.size())];
    return made;
  }

  Json items(int depth) {
    Json::Array made;
    for (std::size_t left = below(4); left > 0; --left) made.push_back(value(depth - 1));
    return made;
  }

  Json members(int depth) {
    Json made = object({});
    for (std::size_t left = below(4); left > 0; --left) made.edit(text()) = value(depth - 1);
    return made;
  }

  std::mt19937 random_;
};

std::string written(const std::string& text) {
  return to_yaml(Json(text));
}

}  // namespace

TEST_CASE("text that a reader would take for another type is quoted") {
  for (const std::string text : {"yes",
                                 "n",
                                 "443",
                                 "1e5",
                                 "null",
                                 "~",
                                 "0x1F",
                                 "017",
                                 ".5",
                                 ".inf",
                                 "-1",
                                 "true",
                                 "1_000",
                                 "2001-12-14",
                                 "2026-08-01T12:00:00Z",
                                 "2026-8-1t1:2:3.5+01:00",
                                 "2026-08-01 12:00:00",
                                 "12:30:45",
                                 "190:20:30.15",
                                 "0xFFFFFFFFFFFFFFFF",
                                 "<<",
                                 "="}) {
    CAPTURE(text);
    CHECK(written(text) == "\"" + text + "\"\n");
  }
  for (const std::string text : {"2026-02-30", "2026-13-01", "2026-08-01T25:00:00Z", "2026-08-01x", "1:60",
                                 "10.0.0.1", "1.2.3", "1e400"}) {
    CAPTURE(text);
    CHECK(written(text) == text + "\n");
  }
  CHECK(written("") == "\"\"\n");
}

TEST_CASE("text that would be read as YAML's own signs stands in single quotes") {
  for (const std::string text :
       {"- x", ": x", "a: b", "#x", "a #b", "a:", "? x", "[a", "{a", "&a", "*a", "!a",
        "|",   ">",   "\"a",  "%a", "@a",   "`a", "---", "-",  " a", "a ", ",a"}) {
    CAPTURE(text);
    CHECK(written(text) == "'" + text + "'\n");
  }
  CHECK(written("'a: b'") == "'''a: b'''\n");
}

TEST_CASE("a long text goes on below, indented") {
  const std::string words =
      "aaaa bbbb cccc dddd eeee ffff gggg hhhh iiii jjjj kkkk llll mmmm nnnn oooo pppp qqqq";
  CHECK(
      to_yaml(object({{"a", object({{"b", words}})}})) ==
      "a:\n  b: aaaa bbbb cccc dddd eeee ffff gggg hhhh iiii jjjj kkkk llll mmmm nnnn oooo pppp\n    qqqq\n");
  CHECK(to_yaml(object({{"a", "- " + words}})) ==
        "a: '- aaaa bbbb cccc dddd eeee ffff gggg hhhh iiii jjjj kkkk llll mmmm nnnn oooo pppp\n  qqqq'\n");
  CHECK(to_yaml(object({{"a", "\t" + words + "  x"}})) ==
        "a: \"\\taaaa bbbb cccc dddd eeee ffff gggg hhhh iiii jjjj kkkk llll mmmm nnnn oooo pppp\n  qqqq  "
        "x\"\n");
  const std::string whole(200, 'x');
  CHECK(to_yaml(object({{"a", whole}})) == "a: " + whole + "\n");
}

TEST_CASE("a key of more than 128 bytes stands behind a question mark") {
  const std::string key(129, 'k');
  CHECK(to_yaml(object({{key, 1}})) == "? " + key + "\n: 1\n");
  CHECK(to_yaml(object({{key, object({{"a", 1}, {"b", array({1, 2})}})}})) ==
        "? " + key + "\n: a: 1\n  b:\n  - 1\n  - 2\n");
  CHECK(to_yaml(object({{key, array({1, 2})}})) == "? " + key + "\n: - 1\n  - 2\n");
  CHECK(to_yaml(object({{key.substr(1), 1}})) == key.substr(1) + ": 1\n");
}

TEST_CASE("keys are sorted as kubectl sorts them in YAML: numbers by their value, signs before letters") {
  const Json json =
      object({{"a10", 1}, {"aB", 1}, {"a-b", 1}, {"a2", object({{"10", 1}, {"9", 1}})}, {"a01", 1}});
  CHECK(to_yaml(sort_yaml_keys(json)) == "a-b: 1\na01: 1\na2:\n  \"9\": 1\n  \"10\": 1\na10: 1\naB: 1\n");
}

TEST_CASE("text that means itself stands bare") {
  for (const std::string text : {"httpbin.org", "a:b", "a#b", "-x", "1.30.3-alpha", "kubectl-egress/v0.1.0",
                                 "it's", "a\"b", "x, y", "apps/v1", "\u00e9t\u00e9", "a - b", "10.0.0.1/8"}) {
    CAPTURE(text);
    CHECK(written(text) == text + "\n");
  }
}

TEST_CASE("control characters are escaped in quotes") {
  CHECK(written("a\tb") == "\"a\\tb\"\n");
  CHECK(written("a\rb") == "\"a\\rb\"\n");
  CHECK(written("\x01\x1b") == "\"\\x01\\e\"\n");
  CHECK(to_yaml(std::string("a\0b", 3)) == "\"a\\0b\"\n");
}

TEST_CASE("what Go's YAML reader does not take raw is escaped") {
  // Its reader refuses U+007F and C1 controls; U+0085, U+2028 and U+2029 end a line for it.
  CHECK(written("a\x7f") == "\"a\\x7F\"\n");
  CHECK(written("a\u2028b") == "\"a\\Lb\"\n");
  CHECK(written("\ufeff") == "\"\\uFEFF\"\n");
  CHECK(written("a \U0001f600") == "\"a \\U0001F600\"\n");
}

TEST_CASE("several lines are written as a literal block that says how they end") {
  CHECK(to_yaml(object({{"a", "x\n y\n"}})) == "a: |\n  x\n   y\n");
  CHECK(to_yaml(object({{"a", "x\n\ny"}})) == "a: |-\n  x\n\n  y\n");
  CHECK(to_yaml(object({{"a", "x\n\n"}, {"b", 1}})) == "a: |+\n  x\n\nb: 1\n");
  CHECK(to_yaml(array({"x\ny\n"})) == "- |\n  x\n  y\n");
  CHECK(to_yaml(object({{"a", " x\ny"}})) == "a: |2-\n   x\n  y\n");
  CHECK(to_yaml(object({{"a", "\nx"}})) == "a: |2-\n\n  x\n");
  CHECK(to_yaml(object({{"a", "\n"}})) == "a: |2+\n\n");
}

TEST_CASE("several lines that a literal block cannot hold are quoted") {
  CHECK(to_yaml(object({{"a", "x \ny"}})) == "a: \"x \\ny\"\n");
  CHECK(to_yaml(object({{"a", "x\ny "}})) == "a: \"x\\ny \"\n");
  CHECK(to_yaml(object({{"a", "x\n\ty"}})) == "a: \"x\\n\\ty\"\n");
  CHECK(to_yaml(object({{"a", "x\r\ny"}})) == "a: \"x\\r\\ny\"\n");
}

TEST_CASE("maps are indented by two, sequences stand at their key") {
  const Json json = Json::parse(R"({"a":{"b":[{"c":1,"d":["x",{"e":[]}]},[1,[2]]]},"f":{}})");
  CHECK(to_yaml(json) ==
        "a:\n"
        "  b:\n"
        "  - c: 1\n"
        "    d:\n"
        "    - x\n"
        "    - e: []\n"
        "  - - 1\n"
        "    - - 2\n"
        "f: {}\n");
}

TEST_CASE("keys stand in their order and are quoted as text is") {
  CHECK(to_yaml(object({{"z", 1}, {"yes", 2}, {"443", 3}, {"", 4}, {"a: b", Json(true)}})) ==
        "z: 1\n\"yes\": 2\n\"443\": 3\n\"\": 4\n'a: b': true\n");
}

TEST_CASE("a key of several lines is a block behind a question mark") {
  CHECK(to_yaml(object({{"a\nb", 1}})) == "? |-\n  a\n  b\n: 1\n");
}

TEST_CASE("numbers, words and nothing are written plainly") {
  CHECK(to_yaml(array({1, -2, 1.5, true, false, Json()})) == "- 1\n- -2\n- 1.5\n- true\n- false\n- null\n");
  CHECK(to_yaml(Json()) == "null\n");
  CHECK(to_yaml(Json(Json::Array{})) == "[]\n");
}

TEST_CASE("a number is written as Go writes it") {
  CHECK(to_yaml(array({1.0, 0.0, 1e6, 1234567.5, 1e-5, 1e20, 1.5e300})) ==
        "- 1\n- 0\n- 1000000\n- 1.2345675e+06\n- 1e-05\n- 1e+20\n- 1.5e+300\n");
}

TEST_CASE("infinity is written in YAML's word for it") {
  CHECK(to_yaml(Json(std::numeric_limits<double>::infinity())) == ".inf\n");
  CHECK(to_yaml(Json(-std::numeric_limits<double>::infinity())) == "-.inf\n");
}

TEST_CASE("documents have a line of three dashes between them") {
  const std::vector<Json> documents{object({{"a", 1}}), array({"b"}), Json("c")};
  CHECK(to_yaml(documents) == "a: 1\n---\n- b\n---\nc\n");
  CHECK(parse_yaml_documents(to_yaml(documents)) == documents);
  CHECK(to_yaml(std::vector<Json>{}).empty());
}

TEST_CASE("a text of several lines at the root comes back as it was") {
  for (const std::string text : {"a\nb", "a\nb\n", "a\nb\n\n\n", "a: b\n---\nc\n", "# a\n...\n"}) {
    CAPTURE(text);
    CHECK(parse_yaml(to_yaml(Json(text))).dump() == Json(text).dump());
  }
}

TEST_CASE("whatever is written is read back as it was") {
  RandomJson random(20260801);
  for (int i = 0; i < 3000; ++i) {
    const Json value = object({{"value", array({random.value(4)})}});
    const std::string text = to_yaml(value);
    CAPTURE(text);
    Json back;
    REQUIRE_NOTHROW(back = parse_yaml(text));
    REQUIRE(back.dump() == value.dump());
  }
}

}  // namespace egress

TEST_SUITE_END();
