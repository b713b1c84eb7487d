#include "egress/render/object_list.hpp"

#include <ostream>

#include "egress/base/go_text.hpp"
#include "egress/base/yaml.hpp"
#include "egress/render/kyaml.hpp"

namespace egress::render {
namespace {

/// The text of an object with every line moved in. No text in it has a line's end.
std::string moved_in(const std::string& json) {
  const std::string indent(8, ' ');
  std::string out = indent;
  for (const char c : json) {
    out += c;
    if (c == '\n') out += indent;
  }
  return out;
}

}  // namespace

Json list_of(std::vector<Json> objects) {
  return object({
      {"apiVersion", "v1"},
      {"items", Json(std::move(objects))},
      {"kind", "List"},
      {"metadata", object({{"resourceVersion", ""}})},
  });
}

ObjectList::~ObjectList() {
  if (count_ > 0) end();
}

void ObjectList::begin() {
  if (format_ == Format::json)
    out_ << "{\n    \"apiVersion\": \"v1\",\n    \"items\": [";
  else if (format_ == Format::yaml)
    out_ << "apiVersion: v1\nitems:";
  else
    out_ << "---\n{\n  apiVersion: \"v1\",\n  items: [";
}

void ObjectList::add(const Json& object) {
  const bool is_first = count_ == 0;
  if (is_first) begin();
  if (format_ == Format::json)
    out_ << (is_first ? "\n" : ",\n") << moved_in(go_json_indented(object.sorted()));
  else if (format_ == Format::yaml)
    out_ << (is_first ? "\n" : "") << to_yaml(Json(Json::Array{sorted_as_yaml(object)}));
  else
    out_ << (is_first ? "" : ", ") << kyaml(object.sorted(), 2);
  ++count_;
}

void ObjectList::end() {
  if (ended_) return;
  ended_ = true;
  if (count_ == 0) begin();
  if (format_ == Format::json)
    out_ << (count_ == 0 ? "]" : "\n    ]")
         << ",\n    \"kind\": \"List\",\n    \"metadata\": {\n        \"resourceVersion\": \"\"\n    }\n}\n";
  else if (format_ == Format::yaml)
    out_ << (count_ == 0 ? " []\n" : "") << "kind: List\nmetadata:\n  resourceVersion: \"\"\n";
  else
    out_ << "],\n  kind: \"List\",\n  metadata: {\n    resourceVersion: \"\",\n  },\n}\n";
}

}  // namespace egress::render
