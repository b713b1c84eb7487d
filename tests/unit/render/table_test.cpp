#include "egress/render/table.hpp"

#include <doctest/doctest.h>

TEST_SUITE_BEGIN("render");

namespace egress::render {

TEST_CASE("columns are left-aligned with three blanks between them and none at the end") {
  CHECK(format_table(
            {{"NAME", "HOSTS", "AGE"}, {"httpbin", "httpbin.org", "5s"}, {"a", "b.example", "120d"}}) ==
        "NAME      HOSTS         AGE\n"
        "httpbin   httpbin.org   5s\n"
        "a         b.example     120d\n");
}

TEST_CASE("a column is at least six characters wide") {
  CHECK(format_table({{"A", "B"}, {"1", "2"}}) == "A     B\n1     2\n");
  CHECK(format_table({{"ABC", "B"}}) == "ABC   B\n");
  CHECK(format_table({{"ABCD", "B"}}) == "ABCD   B\n");
}

TEST_CASE("an empty cell is printed as <none>") {
  CHECK(format_table({{"A", "B"}, {"", ""}}) == "A        B\n<none>   <none>\n");
}

TEST_CASE("width counts characters, not bytes") {
  CHECK(format_table({{"\u00e9\u00e9\u00e9\u00e9", "x"}, {"abcd", "y"}}) ==
        "\u00e9\u00e9\u00e9\u00e9   x\nabcd   y\n");
}

TEST_CASE("a cell stays on its line, and its control characters are escaped") {
  CHECK(format_table({{"a\nb\tc", "\x1b[31m\r"}}) == "a b c   ^[[31m^M\n");
}

TEST_CASE("a row may be shorter than the others") {
  CHECK(format_table({{"A", "B", "C"}, {"1"}, {"1", "2"}}) == "A     B     C\n1\n1     2\n");
}

TEST_CASE("a table without rows is empty") {
  CHECK(format_table({}).empty());
}

TEST_CASE("fields are aligned, and those without a value are left out") {
  CHECK(format_fields({{"Name", "web"}, {"Namespace", "team"}, {"Image", ""}}) ==
        "Name:       web\n"
        "Namespace:  team\n");
  CHECK(format_fields({{"Name", ""}}).empty());
}

TEST_CASE("a field that is left out counts for the alignment") {
  CHECK(format_fields({{"A", "1"}, {"Longer", ""}}) == "A:       1\n");
}

TEST_CASE("control characters in a field are escaped") {
  CHECK(format_fields({{"A", "\x1b[1m"}}) == "A:  ^[[1m\n");
}

TEST_CASE("indent indents every line and leaves empty lines out") {
  CHECK(indent("a\n\n  b\n", 2) == "  a\n    b\n");
  CHECK(indent("a", 1) == " a\n");
  CHECK(indent("", 4).empty());
}

}  // namespace egress::render

TEST_SUITE_END();
