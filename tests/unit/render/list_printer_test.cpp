#include "egress/render/list_printer.hpp"

#include <doctest/doctest.h>

#include <sstream>

#include "egress/base/yaml.hpp"
#include "egress/render/kyaml.hpp"

TEST_SUITE_BEGIN("render");

namespace egress::render {
namespace {

using Format = ListPrinter::Format;

/// The expected output: the whole list, printed at once.
std::string print_whole(const std::vector<Json>& items, Format format) {
  const Json list = object({
      {"apiVersion", "v1"},
      {"items", Json(items)},
      {"kind", "List"},
      {"metadata", object({{"resourceVersion", ""}})},
  });
  if (format == Format::kyaml) return "---\n" + to_kyaml(list.sorted()) + "\n";
  return format == Format::json ? list.sorted().dump_pretty() : to_yaml(list.sorted());
}

std::string print_one_by_one(const std::vector<Json>& items, Format format) {
  std::ostringstream out;
  ListPrinter list(out, format);
  for (const Json& item : items) list.add(item);
  list.end();
  return out.str();
}

}  // namespace

TEST_CASE("objects printed one by one are byte for byte the printed list") {
  const Json sample =
      object({{"lines", "a\n\nb\n"}, {"empty", Json(Json::Array{})}, {"deep", array({array({1, 2})})}});
  const std::vector<std::vector<Json>> lists{
      {}, {sample}, {object({{"name", "b"}, {"a", 1}}), sample, Json(Json::Object{})}};
  for (const auto& items : lists)
    for (const Format format : {Format::json, Format::yaml, Format::kyaml})
      CHECK(print_one_by_one(items, format) == print_whole(items, format));
}

TEST_CASE("the destructor ends a list with items, and prints nothing without items") {
  std::ostringstream out;
  { const ListPrinter unused(out, Format::json); }
  CHECK(out.str().empty());
  {
    ListPrinter printer(out, Format::json);
    printer.add(object({{"a", 1}}));
  }
  CHECK(Json::parse(out.str())["items"].items().size() == 1);
}

}  // namespace egress::render

TEST_SUITE_END();
