#include "egress/base/json_text.hpp"

namespace egress {

Json JsonText::parse() const {
  return text_.empty() ? Json() : Json::parse(text_);
}

std::vector<Json> parse_all(const std::vector<JsonText>& values) {
  std::vector<Json> result;
  result.reserve(values.size());
  for (const JsonText& value : values) result.push_back(value.parse());
  return result;
}

}  // namespace egress
