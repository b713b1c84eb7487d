#pragma once

#include <string>
#include <vector>

#include "egress/base/json.hpp"

namespace egress {

/// A value that is kept and seldom looked at, as its text: a fifth of the memory that it takes as a Json.
class JsonText {
 public:
  JsonText() = default;
  JsonText(const Json& value) : text_(value.dump()) {}

  /// The value, read anew each time. A number that is not finite, which no text holds, comes back as null.
  Json parse() const;

 private:
  std::string text_;
};

/// Parses all values.
std::vector<Json> parse_all(const std::vector<JsonText>& values);

}  // namespace egress
