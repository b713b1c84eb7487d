#include "egress/render/jsonpath.hpp"

#include "egress/base/go_text.hpp"
#include "egress/base/text.hpp"
#include "egress/render/jsonpath_evaluation.hpp"

namespace egress::render {
namespace {

std::string format_value(const Json& value) {
  if (&value == &jsonpath::no_value) return "<no value>";
  return value.is_array() || value.is_object() || value.is_null() ? go_json(value) : go_value(value);
}

}  // namespace

std::vector<JsonPath::Matches> JsonPath::find(const Json& object) const {
  std::vector<Matches> results;
  jsonpath::Evaluation evaluation(template_, allows_missing_keys_);
  for (const jsonpath::Values& values : evaluation.run(object)) {
    Matches& matches = results.emplace_back();
    for (const Json* value : values) matches.push_back(*value);
  }
  return results;
}

std::string JsonPath::to_text(const Json& object) const {
  std::string text;
  jsonpath::Evaluation evaluation(template_, allows_missing_keys_);
  for (const jsonpath::Values& values : evaluation.run(object)) {
    std::vector<std::string> parts;
    for (const Json* value : values) parts.push_back(format_value(*value));
    text += join(parts, " ");
  }
  return text;
}

std::string JsonPath::to_json(const Json& object) const {
  std::string text;
  for (const Matches& matches : find(object)) text += go_json_indented(Json(matches).sorted()) + "\n";
  return text;
}

}  // namespace egress::render
