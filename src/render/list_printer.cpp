#include "egress/render/list_printer.hpp"

#include <ostream>

#include "egress/base/go_text.hpp"
#include "egress/base/yaml.hpp"
#include "egress/render/kyaml.hpp"

namespace egress::render {
namespace {

/// The JSON of an object with every line indented; strings in JSON contain no newline.
std::string indent(const std::string& json) {
  const std::string blanks(8, ' ');
  std::string out = blanks;
  for (const char c : json) {
    out += c;
    if (c == '\n') out += blanks;
  }
  return out;
}

}  // namespace

Json make_list(std::vector<Json> objects) {
  return object({
      {"apiVersion", "v1"},
      {"items", Json(std::move(objects))},
      {"kind", "List"},
      {"metadata", object({{"resourceVersion", ""}})},
  });
}

ListPrinter::~ListPrinter() {
  if (count_ > 0) end();
}

void ListPrinter::begin() {
  if (format_ == Format::json)
    out_ << "{\n    \"apiVersion\": \"v1\",\n    \"items\": [";
  else if (format_ == Format::yaml)
    out_ << "apiVersion: v1\nitems:";
  else
    out_ << "---\n{\n  apiVersion: \"v1\",\n  items: [";
}

void ListPrinter::add(const Json& object) {
  const bool is_first = count_ == 0;
  if (is_first) begin();
  if (format_ == Format::json)
    out_ << (is_first ? "\n" : ",\n") << indent(go_json_indented(object.sorted()));
  else if (format_ == Format::yaml)
    out_ << (is_first ? "\n" : "") << to_yaml(Json(Json::Array{sort_yaml_keys(object)}));
  else
    out_ << (is_first ? "" : ", ") << to_kyaml(object.sorted(), 2);
  ++count_;
}

void ListPrinter::end() {
  if (is_ended_) return;
  is_ended_ = true;
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
