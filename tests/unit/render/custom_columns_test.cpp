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

std::string printed(CustomColumns columns, const std::vector<Json>& of = objects) {
  std::ostringstream out;
  columns.print(out, of);
  return out.str();
}

std::string fault(const std::string& spec) {
  try {
    return printed(CustomColumns::read(spec));
  } catch (const Error& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("a path may be written with or without dot and braces") {
  for (const std::string path : {"name", ".name", "{name}", "{.name}"})
    CHECK(printed(CustomColumns::read("N:" + path)) == "N\nweb\na-longer-name\n");
}

TEST_CASE("columns have three blanks between, and <none> where nothing is found") {
  CHECK(printed(CustomColumns::read("NAME:.name,HOSTS:.hosts[*],TEXT:.text,X:.ports")) ==
        "NAME            HOSTS    TEXT     X\n"
        "web             a,b      x^[\\r    [map[a:1]]\n"
        "a-longer-name   <none>   <none>   <none>\n");
}

TEST_CASE("the names stand above the first lines only, and a column never gets narrower") {
  CustomColumns columns = CustomColumns::read("N:.name,M:.name");
  std::ostringstream out;
  columns.print(out, {objects[1]});
  columns.print(out, {objects[0]});
  CHECK(out.str() == "N               M\na-longer-name   a-longer-name\nweb             web\n");
  columns.leave_headers_out();
  CHECK(printed(columns, {objects[0]}) == "web             web\n");
}

TEST_CASE("a file has a line of names and a line of paths") {
  CHECK(printed(CustomColumns::read_file("A   B\n.name {hosts[0:]}\n"), {objects[0]}) ==
        "A     B\nweb   a,b\n");
  CHECK_THROWS_WITH(CustomColumns::read_file("A B\n.name\n"),
                    "number of headers (2) and field specifications (1) don't match");
  CHECK_THROWS_WITH(CustomColumns::read_file("A\n"),
                    "invalid template, missing spec line. Expected format is one line of space separated "
                    "headers, one line of space separated column specs.");
}

TEST_CASE("columns that cannot be are refused in kubectl's words") {
  CHECK(fault("") == "custom-columns format specified but no custom columns given");
  CHECK(fault("NAME") == "unexpected custom-columns spec: NAME, expected <header>:<json-path-expr>");
  CHECK(fault("NAME:{.a}{.b}") ==
        "unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or "
        "'{.name1.name2}'");
  CHECK(fault("NAME:.a[") == "unterminated array");
}

TEST_CASE("lines before an object that is otherwise are printed") {
  CustomColumns columns = CustomColumns::read("N:.hosts[0]");
  std::ostringstream out;
  CHECK_THROWS_WITH(columns.print(out, objects), "array index out of bounds: index 0, length 0");
  CHECK(out.str() == "N\na\n");
}

TEST_CASE("a line's end in a value begins a line, and its columns are its own") {
  const std::vector<Json> lines{object({{"a", "one\ntwo\tx"}, {"b", "y"}})};
  CHECK(printed(CustomColumns::read("A:.a,B:.b"), lines) == "A     B\none\ntwo   x     y\n");
}

}  // namespace egress::render

TEST_SUITE_END();
