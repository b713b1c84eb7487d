#include "egress/render/object_printer.hpp"

#include <doctest/doctest.h>

#include <sstream>

#include "egress/base/error.hpp"

TEST_SUITE_BEGIN("render");

namespace egress::render {
namespace {

using Layout = ObjectPrinter::Layout;

const std::vector<Json> objects{object({{"name", "web"}, {"a10", 1}, {"a2", 2}}), object({{"name", "db"}})};

std::string printed(const std::string& output, Layout layout, const std::vector<Json>& values = objects) {
  std::ostringstream out;
  ObjectPrinter printer(out, parse_output(output, true), layout);
  for (const Json& object : values) printer.add({object});
  printer.end();
  return out.str();
}

std::string error(const std::string& output) {
  try {
    printed(output, Layout::list);
    return "";
  } catch (const Error& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("layout each prints objects immediately, without end") {
  auto print_each = [](const std::string& output) {
    std::ostringstream out;
    ObjectPrinter printer(out, parse_output(output, true), Layout::each);
    for (const Json& object : objects) printer.add({object});
    return out.str();
  };
  CHECK(print_each("jsonpath={.name}") == "webdb");
  CHECK(print_each("custom-columns=N:.name") == "N\nweb\ndb\n");
  CHECK(print_each("json").starts_with("{\n    \"a10\": 1,"));
  CHECK(print_each("yaml").ends_with("---\nname: db\n"));
  CHECK(print_each("kyaml").ends_with("}\n---\n{\n  name: \"db\",\n}\n"));
}

TEST_CASE("all formats are parsed, json, yaml, kyaml and name in any case") {
  CHECK(parse_output("", true).format == OutputFormat::human);
  CHECK(parse_output("wide", true).format == OutputFormat::wide);
  CHECK(parse_output("JSON", false).format == OutputFormat::json);
  CHECK(parse_output("Yaml", false).format == OutputFormat::yaml);
  CHECK(parse_output("kyaml", false).format == OutputFormat::kyaml);
  CHECK(parse_output("name", false).format == OutputFormat::name);
  CHECK(parse_output("jsonpath={.a}", false).format == OutputFormat::jsonpath);
  CHECK(parse_output("jsonpath-as-json={.a}", false).format == OutputFormat::jsonpath_as_json);
  CHECK(parse_output("custom-columns=A:.a", false).format == OutputFormat::custom_columns);
}

TEST_CASE("an unknown format is rejected with kubectl's message, which lists the formats") {
  const std::string formats =
      "custom-columns,custom-columns-file,json,jsonpath,jsonpath-as-json,jsonpath-file,kyaml,name";
  CHECK(error("go-template={{.kind}}") ==
        "unable to match a printer suitable for the output format \"go-template={{.kind}}\", allowed formats "
        "are: " +
            formats + ",wide,yaml");
  CHECK_THROWS_WITH(
      parse_output("wide", false),
      ("unable to match a printer suitable for the output format \"wide\", allowed formats are: " + formats +
       ",yaml")
          .c_str());
  CHECK(error("jsonpath") == "template format specified but no template given");
  CHECK(error("jsonpath={.a") == "error parsing jsonpath {.a, unclosed action");
  CHECK(error("jsonpath-file=/nowhere/x") ==
        "error reading --template /nowhere/x, open /nowhere/x: no such file or directory");
  CHECK(error("custom-columns-file=/nowhere/x") ==
        "error reading template /nowhere/x, open /nowhere/x: no such file or directory");
}

TEST_CASE("objects are printed as a List, as documents or as a single object") {
  CHECK(printed("json", Layout::one, {objects[1]}) == "{\n    \"name\": \"db\"\n}\n");
  CHECK(Json::parse(printed("json", Layout::list))["items"].items().size() == 2);
  CHECK(printed("json", Layout::documents) == printed("json", Layout::list));
  CHECK(printed("yaml", Layout::documents) == "a2: 2\na10: 1\nname: web\n---\nname: db\n");
  CHECK(printed("yaml", Layout::list) ==
        "apiVersion: v1\nitems:\n- a2: 2\n  a10: 1\n  name: web\n- name: db\nkind: List\nmetadata:\n"
        "  resourceVersion: \"\"\n");
  CHECK(printed("yaml", Layout::list, {}) ==
        "apiVersion: v1\nitems: []\nkind: List\nmetadata:\n  resourceVersion: \"\"\n");
}

TEST_CASE("a JSONPath is evaluated on the List of all objects or on the single object") {
  CHECK(printed("jsonpath={.items[*].name}", Layout::list) == "web db");
  CHECK(printed("jsonpath={.name}", Layout::one, {objects[0]}) == "web");
  CHECK(printed("jsonpath-as-json={.items[*].name}", Layout::documents) ==
        "[\n    \"web\",\n    \"db\"\n]\n");
  CHECK(error("jsonpath={.kind[0]}")
            .starts_with("error executing jsonpath \"{.kind[0]}\": Error executing template: string is not "
                         "array or slice. "
                         "Printing more information for debugging the template:\n"));
}

TEST_CASE("custom columns print their headers without objects, too") {
  CHECK(printed("custom-columns=NAME:.name,A:.a2", Layout::list) == "NAME   A\nweb    2\ndb     <none>\n");
  CHECK(printed("custom-columns=NAME:.name,A:.a2", Layout::list, {}) == "NAME   A\n");
}

}  // namespace egress::render

TEST_SUITE_END();
