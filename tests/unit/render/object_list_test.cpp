#include "egress/render/object_list.hpp"

#include <doctest/doctest.h>

#include <sstream>

#include "egress/base/yaml.hpp"
#include "egress/render/kyaml.hpp"

TEST_SUITE_BEGIN("render");

namespace egress::render {
namespace {

using Format = ObjectList::Format;

/// What prints each object at once equals what prints the whole list at one time.
std::string whole(const std::vector<Json>& items, Format format) {
  const Json list = object({
      {"apiVersion", "v1"},
      {"items", Json(items)},
      {"kind", "List"},
      {"metadata", object({{"resourceVersion", ""}})},
  });
  if (format == Format::kyaml) return "---\n" + kyaml(list.sorted()) + "\n";
  return format == Format::json ? list.sorted().dump_pretty() : to_yaml(list.sorted());
}

std::string one_by_one(const std::vector<Json>& items, Format format) {
  std::ostringstream out;
  ObjectList list(out, format);
  for (const Json& item : items) list.add(item);
  list.end();
  return out.str();
}

}  // namespace

TEST_CASE("objects printed one by one are the list of them, byte for byte") {
  const Json poem =
      object({{"lines", "a\n\nb\n"}, {"empty", Json(Json::Array{})}, {"deep", array({array({1, 2})})}});
  const std::vector<std::vector<Json>> lists{
      {}, {poem}, {object({{"name", "b"}, {"a", 1}}), poem, Json(Json::Object{})}};
  for (const auto& items : lists)
    for (const Format format : {Format::json, Format::yaml, Format::kyaml})
      CHECK(one_by_one(items, format) == whole(items, format));
}

TEST_CASE("a list that was begun is ended, one that was not is not printed") {
  std::ostringstream out;
  { const ObjectList none(out, Format::json); }
  CHECK(out.str().empty());
  {
    ObjectList one(out, Format::json);
    one.add(object({{"a", 1}}));
  }
  CHECK(Json::parse(out.str())["items"].items().size() == 1);
}

}  // namespace egress::render

TEST_SUITE_END();
