#include "egress/render/object_printer.hpp"

#include <doctest/doctest.h>

#include <sstream>

#include "egress/base/error.hpp"

TEST_SUITE_BEGIN("render");

namespace egress::render {
namespace {

using Frame = ObjectPrinter::Frame;

const std::vector<Json> objects{object({{"name", "web"}, {"a10", 1}, {"a2", 2}}), object({{"name", "db"}})};

std::string printed(const std::string& output, Frame frame, const std::vector<Json>& of = objects) {
  std::ostringstream out;
  ObjectPrinter printer(out, read_output(output, true), frame);
  for (const Json& one : of) printer.add({one});
  printer.end();
  return out.str();
}

std::string fault(const std::string& output) {
  try {
    printed(output, Frame::list);
    return "";
  } catch (const Error& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("what is printed one by one needs no end") {
  auto each = [](const std::string& output) {
    std::ostringstream out;
    ObjectPrinter printer(out, read_output(output, true), Frame::each);
    for (const Json& one : objects) printer.add({one});
    return out.str();
  };
  CHECK(each("jsonpath={.name}") == "webdb");
  CHECK(each("custom-columns=N:.name") == "N\nweb\ndb\n");
  CHECK(each("json").starts_with("{\n    \"a10\": 1,"));
  CHECK(each("yaml").ends_with("---\nname: db\n"));
  CHECK(each("kyaml").ends_with("}\n---\n{\n  name: \"db\",\n}\n"));
}

TEST_CASE("each form is read, json, yaml and name however they are written") {
  CHECK(read_output("", true).form == OutputForm::human);
  CHECK(read_output("wide", true).form == OutputForm::wide);
  CHECK(read_output("JSON", false).form == OutputForm::json);
  CHECK(read_output("Yaml", false).form == OutputForm::yaml);
  CHECK(read_output("kyaml", false).form == OutputForm::kyaml);
  CHECK(read_output("name", false).form == OutputForm::name);
  CHECK(read_output("jsonpath={.a}", false).form == OutputForm::jsonpath);
  CHECK(read_output("jsonpath-as-json={.a}", false).form == OutputForm::jsonpath_as_json);
  CHECK(read_output("custom-columns=A:.a", false).form == OutputForm::custom_columns);
}

TEST_CASE("any other form is refused in kubectl's words, with those that there are") {
  const std::string some =
      "custom-columns,custom-columns-file,json,jsonpath,jsonpath-as-json,jsonpath-file,kyaml,name";
  CHECK(fault("go-template={{.kind}}") ==
        "unable to match a printer suitable for the output format \"go-template={{.kind}}\", allowed formats "
        "are: " +
            some + ",wide,yaml");
  CHECK_THROWS_WITH(
      read_output("wide", false),
      ("unable to match a printer suitable for the output format \"wide\", allowed formats are: " + some +
       ",yaml")
          .c_str());
  CHECK(fault("jsonpath") == "template format specified but no template given");
  CHECK(fault("jsonpath={.a") == "error parsing jsonpath {.a, unclosed action");
  CHECK(fault("jsonpath-file=/nowhere/x") ==
        "error reading --template /nowhere/x, open /nowhere/x: no such file or directory");
  CHECK(fault("custom-columns-file=/nowhere/x") ==
        "error reading template /nowhere/x, open /nowhere/x: no such file or directory");
}

TEST_CASE("objects are a List, documents, or one alone") {
  CHECK(printed("json", Frame::one, {objects[1]}) == "{\n    \"name\": \"db\"\n}\n");
  CHECK(Json::parse(printed("json", Frame::list))["items"].items().size() == 2);
  CHECK(printed("json", Frame::documents) == printed("json", Frame::list));
  CHECK(printed("yaml", Frame::documents) == "a2: 2\na10: 1\nname: web\n---\nname: db\n");
  CHECK(printed("yaml", Frame::list) ==
        "apiVersion: v1\nitems:\n- a2: 2\n  a10: 1\n  name: web\n- name: db\nkind: List\nmetadata:\n"
        "  resourceVersion: \"\"\n");
  CHECK(printed("yaml", Frame::list, {}) ==
        "apiVersion: v1\nitems: []\nkind: List\nmetadata:\n  resourceVersion: \"\"\n");
}

TEST_CASE("a JSONPath goes through the List of all objects, or through the one") {
  CHECK(printed("jsonpath={.items[*].name}", Frame::list) == "web db");
  CHECK(printed("jsonpath={.name}", Frame::one, {objects[0]}) == "web");
  CHECK(printed("jsonpath-as-json={.items[*].name}", Frame::documents) == "[\n    \"web\",\n    \"db\"\n]\n");
  CHECK(fault("jsonpath={.kind[0]}")
            .starts_with("error executing jsonpath \"{.kind[0]}\": Error executing template: string is not "
                         "array or slice. "
                         "Printing more information for debugging the template:\n"));
}

TEST_CASE("columns have their names above nothing, too") {
  CHECK(printed("custom-columns=NAME:.name,A:.a2", Frame::list) == "NAME   A\nweb    2\ndb     <none>\n");
  CHECK(printed("custom-columns=NAME:.name,A:.a2", Frame::list, {}) == "NAME   A\n");
}

}  // namespace egress::render

TEST_SUITE_END();
