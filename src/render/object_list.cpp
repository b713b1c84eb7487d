#include "egress/render/object_list.hpp"

#include <ostream>

#include "egress/base/text.hpp"
#include "egress/base/yaml.hpp"

namespace egress::render {
namespace {

/// The lines of a text, each behind an indent; the first behind another one. Empty lines stay empty.
std::string indented(const std::string& text, const std::string& first, const std::string& indent) {
  std::string out;
  for (const std::string& line : split(text, '\n')) {
    if (!line.empty()) out += (out.empty() ? first : indent) + line;
    out += '\n';
  }
  while (out.ends_with('\n')) out.pop_back();
  return out;
}

const std::string json_indent(8, ' ');

}  // namespace

ObjectList::~ObjectList() {
  if (count_ > 0) end();
}

void ObjectList::begin() {
  if (json_)
    out_ << "{\n    \"apiVersion\": \"v1\",\n    \"items\": [";
  else
    out_ << "apiVersion: v1\nitems:";
}

void ObjectList::add(const Json& object) {
  if (count_ == 0) begin();
  const Json sorted = object.sorted();
  if (json_)
    out_ << (count_ == 0 ? "\n" : ",\n") << indented(sorted.dump_pretty(), json_indent, json_indent);
  else
    out_ << '\n' << indented(to_yaml(sorted), "- ", "  ");
  ++count_;
}

void ObjectList::end() {
  if (ended_) return;
  ended_ = true;
  if (count_ == 0) begin();
  if (json_)
    out_ << (count_ == 0 ? "]" : "\n    ]")
         << ",\n    \"kind\": \"List\",\n    \"metadata\": {\n        \"resourceVersion\": \"\"\n    }\n}\n";
  else
    out_ << (count_ == 0 ? " []" : "") << "\nkind: List\nmetadata:\n  resourceVersion: \"\"\n";
}

}  // namespace egress::render
