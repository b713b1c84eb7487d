#include "egress/render/custom_columns.hpp"

#include <doctest/doctest.h>

#include <sstream>

#include "egress/base/error.hpp"

TEST_SUITE_BEGIN("render");

namespace egress::render {
namespace {

const std::vector<Json> objects{
    object({{"name", "web"},
            {"hosts", array({"a", "b"})},
            {"text", "x\x1b\r"},
            {"ports", array({object({{"a", 1}})})}}),
    object({{"name", "a-longer-name"}, {"hosts", Json(Json::Array{})}}),
};

std::string printed(CustomColumns columns, const std::vector<Json>& rows = objects) {
  std::ostringstream out;
  columns.print(out, rows);
  return out.str();
}

std::string error(const std::string& spec) {
  try {
    return printed(CustomColumns::parse_spec(spec));
  } catch (const Error& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("a path may omit the dot and the braces") {
  for (const std::string path : {"name", ".name", "{name}", "{.name}"})
    CHECK(printed(CustomColumns::parse_spec("N:" + path)) == "N\nweb\na-longer-name\n");
}

TEST_CASE("columns have three blanks between them, and <none> for a path without a match") {
  CHECK(printed(CustomColumns::parse_spec("NAME:.name,HOSTS:.hosts[*],TEXT:.text,X:.ports")) ==
        "NAME            HOSTS    TEXT     X\n"
        "web             a,b      x^[\\r    [map[a:1]]\n"
        "a-longer-name   <none>   <none>   <none>\n");
}

TEST_CASE("the headers are printed once, and a column never gets narrower") {
  CustomColumns columns = CustomColumns::parse_spec("N:.name,M:.name");
  std::ostringstream out;
  columns.print(out, {objects[1]});
  columns.print(out, {objects[0]});
  CHECK(out.str() == "N               M\na-longer-name   a-longer-name\nweb             web\n");
  columns.hide_headers();
  CHECK(printed(columns, {objects[0]}) == "web             web\n");
}

TEST_CASE("a template file has a line of headers and a line of paths") {
  CHECK(printed(CustomColumns::parse_template("A   B\n.name {hosts[0:]}\n"), {objects[0]}) ==
        "A     B\nweb   a,b\n");
  CHECK_THROWS_WITH(CustomColumns::parse_template("A B\n.name\n"),
                    "number of headers (2) and field specifications (1) don't match");
  CHECK_THROWS_WITH(CustomColumns::parse_template("A\n"),
                    "invalid template, missing spec line. Expected format is one line of space separated "
                    "headers, one line of space separated column specs.");
}

TEST_CASE("invalid columns are rejected with kubectl's messages") {
  CHECK(error("") == "custom-columns format specified but no custom columns given");
  CHECK(error("NAME") == "unexpected custom-columns spec: NAME, expected <header>:<json-path-expr>");
  CHECK(error("NAME:{.a}{.b}") ==
        "unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or "
        "'{.name1.name2}'");
  CHECK(error("NAME:.a[") == "unterminated array");
}

TEST_CASE("lines before an object that a path does not fit are printed") {
  CustomColumns columns = CustomColumns::parse_spec("N:.hosts[0]");
  std::ostringstream out;
  CHECK_THROWS_WITH(columns.print(out, objects), "array index out of bounds: index 0, length 0");
  CHECK(out.str() == "N\na\n");
}

TEST_CASE("a newline in a value starts a new line with its own columns") {
  const std::vector<Json> lines{object({{"a", "one\ntwo\tx"}, {"b", "y"}})};
  CHECK(printed(CustomColumns::parse_spec("A:.a,B:.b"), lines) == "A     B\none\ntwo   x     y\n");
}

}  // namespace egress::render

TEST_SUITE_END();
