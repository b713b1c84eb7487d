#include "egress/render/jsonpath.hpp"

#include "egress/base/go_text.hpp"
#include "egress/base/text.hpp"
#include "egress/render/jsonpath_evaluation.hpp"

namespace egress::render {
namespace {

std::string shown(const Json& value) {
  if (&value == &jsonpath::nothing) return "<no value>";
  return value.is_array() || value.is_object() || value.is_null() ? go_json(value) : go_value(value);
}

}  // namespace

std::vector<JsonPath::Found> JsonPath::find(const Json& object) const {
  std::vector<Found> all;
  jsonpath::Evaluation evaluation(template_, allows_missing_keys_);
  for (const jsonpath::Values& values : evaluation.run(object)) {
    Found& found = all.emplace_back();
    for (const Json* value : values) found.push_back(*value);
  }
  return all;
}

std::string JsonPath::text(const Json& object) const {
  std::string text;
  jsonpath::Evaluation evaluation(template_, allows_missing_keys_);
  for (const jsonpath::Values& values : evaluation.run(object)) {
    std::vector<std::string> parts;
    for (const Json* value : values) parts.push_back(shown(*value));
    text += join(parts, " ");
  }
  return text;
}

std::string JsonPath::json(const Json& object) const {
  std::string text;
  for (const Found& found : find(object)) text += go_json_indented(Json(found).sorted()) + "\n";
  return text;
}

}  // namespace egress::render
