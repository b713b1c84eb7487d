#include "egress/base/packed_json.hpp"

namespace egress {

Json PackedJson::unpack() const {
  return text_.empty() ? Json() : Json::parse(text_);
}

std::vector<Json> unpacked(const std::vector<PackedJson>& values) {
  std::vector<Json> all;
  all.reserve(values.size());
  for (const PackedJson& one : values) all.push_back(one.unpack());
  return all;
}

}  // namespace egress
