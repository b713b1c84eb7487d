#include "egress/render/table.hpp"

#include <doctest/doctest.h>

TEST_SUITE_BEGIN("render");

namespace egress::render {

TEST_CASE("columns are left-aligned with three blanks between and none at the end") {
  CHECK(table({{"NAME", "HOSTS", "AGE"}, {"httpbin", "httpbin.org", "5s"}, {"a", "b.example", "120d"}}) ==
        "NAME      HOSTS         AGE\n"
        "httpbin   httpbin.org   5s\n"
        "a         b.example     120d\n");
}

TEST_CASE("a column is at least six wide") {
  CHECK(table({{"A", "B"}, {"1", "2"}}) == "A     B\n1     2\n");
  CHECK(table({{"ABC", "B"}}) == "ABC   B\n");
  CHECK(table({{"ABCD", "B"}}) == "ABCD   B\n");
}

TEST_CASE("an empty cell reads <none>") {
  CHECK(table({{"A", "B"}, {"", ""}}) == "A        B\n<none>   <none>\n");
}

TEST_CASE("width counts characters, not bytes") {
  CHECK(table({{"\u00e9\u00e9\u00e9\u00e9", "x"}, {"abcd", "y"}}) ==
        "\u00e9\u00e9\u00e9\u00e9   x\nabcd   y\n");
}

TEST_CASE("a cell stays on its line and shows its control characters") {
  CHECK(table({{"a\nb\tc", "\x1b[31m\r"}}) == "a b c   ^[[31m^M\n");
}

TEST_CASE("a row may be shorter than the others") {
  CHECK(table({{"A", "B", "C"}, {"1"}, {"1", "2"}}) == "A     B     C\n1\n1     2\n");
}

TEST_CASE("no rows are no text") {
  CHECK(table({}).empty());
}

TEST_CASE("fields stand in one column, and those without a value are left out") {
  CHECK(fields({{"Name", "web"}, {"Namespace", "team"}, {"Image", ""}}) ==
        "Name:       web\n"
        "Namespace:  team\n");
  CHECK(fields({{"Name", ""}}).empty());
}

TEST_CASE("a field that is left out keeps its place in the alignment") {
  CHECK(fields({{"A", "1"}, {"Longer", ""}}) == "A:       1\n");
}

TEST_CASE("a field shows its control characters") {
  CHECK(fields({{"A", "\x1b[1m"}}) == "A:  ^[[1m\n");
}

TEST_CASE("indented moves every line in and leaves empty ones out") {
  CHECK(indented("a\n\n  b\n", 2) == "  a\n    b\n");
  CHECK(indented("a", 1) == " a\n");
  CHECK(indented("", 4).empty());
}

}  // namespace egress::render

TEST_SUITE_END();
