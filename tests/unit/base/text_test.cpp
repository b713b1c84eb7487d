#include "egress/base/text.hpp"

#include <doctest/doctest.h>

TEST_SUITE_BEGIN("base");

namespace egress {
namespace {

using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("join puts the separator between parts only") {
  CHECK(join(Words{}, ", ").empty());
  CHECK(join(Words{"a"}, ", ") == "a");
  CHECK(join(Words{"a", "", "c"}, ", ") == "a, , c");
}

TEST_CASE("split keeps empty parts, and an empty text has none") {
  CHECK(split("", ',') == Words{});
  CHECK(split("a", ',') == Words{"a"});
  CHECK(split("a,b,,c", ',') == Words{"a", "b", "", "c"});
  CHECK(split(",a,", ',') == Words{"", "a", ""});
  CHECK(split(",", ',') == Words{"", ""});
}

TEST_CASE("split undoes join") {
  const Words words{"a", "", "b c", "d"};
  CHECK(split(join(words, ":"), ':') == words);
}

TEST_CASE("trim takes blanks and line ends off both ends only") {
  CHECK(std::string(trim(" \t\r\n a b \n")) == "a b");
  CHECK(std::string(trim("ab")) == "ab");
  CHECK(trim(" \n\t\r").empty());
  CHECK(trim("").empty());
}

TEST_CASE("printable shows control characters instead of obeying them") {
  CHECK(printable("\x1b[31mred\x07\r\b") == "^[[31mred^G^M^H");
  CHECK(printable(std::string("a\0b\x7f", 4)) == "a^@b^?");
  CHECK(printable("line\n\ttab, \u00e9\u4e16") == "line\n\ttab, \u00e9\u4e16");
}

TEST_CASE("printable lets no 8-bit control sequence through") {
  // U+009B is CSI: a terminal that reads UTF-8 may obey it as it does ESC [.
  CHECK(printable("\u009b31m").find('\x9b') == std::string::npos);
  CHECK(printable("\x9b"
                  "31m")
            .find('\x9b') == std::string::npos);
}

TEST_CASE("printable cuts at its limit and says so") {
  CHECK(printable("abcdef", 3) == "abc\u2026");
  CHECK(printable("abc", 3) == "abc");
  CHECK(printable(std::string(5000, 'x')).size() == 4096 + std::string("\u2026").size());
}

TEST_CASE("printable cuts between characters") {
  CHECK(printable("a\u00e9b", 2) == "a\u2026");
  CHECK(printable("a\u00e9b", 3) == "a\u00e9\u2026");
}

TEST_CASE("closest_match finds the word that was meant") {
  const Words words{"create", "list", "inspect", "delete"};
  CHECK(closest_match("craete", words) == "create");
  CHECK(closest_match("lst", words) == "list");
  CHECK(closest_match("list", words) == "list");
  CHECK(closest_match("inpect", words) == "inspect");
  CHECK(closest_match("lsit", words) == "list");
  CHECK(closest_match("ilst", words) == "list");
}

TEST_CASE("a word that was begun is near, unless another one is nearer") {
  CHECK(closest_match("del", Words{"create", "delete"}) == "delete");
  CHECK(closest_match("js", Words{"yaml", "json"}) == "json");
  CHECK(closest_match("di", Words{"directory", "did"}) == "did");
  CHECK(closest_match("d", Words{"delete"}).empty());
}

TEST_CASE("closest_match offers nothing where nothing is near") {
  const Words words{"create", "list"};
  CHECK(closest_match("frobnicate", words).empty());
  CHECK(closest_match("xyz", words).empty());
  CHECK(closest_match("", words).empty());
  CHECK(closest_match("create", Words{}).empty());
}

TEST_CASE("of equally near words the first is offered") {
  CHECK(closest_match("bar", Words{"baz", "bay"}) == "baz");
  CHECK(closest_match("bay", Words{"baz", "bay"}) == "bay");
}

}  // namespace egress

TEST_SUITE_END();
