#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "egress/render/jsonpath_template.hpp"

namespace egress::render {

/// A template of `-o jsonpath=…`: text, and paths in braces (client-go 1.36, util/jsonpath).
class JsonPath {
 public:
  /// What one text or path of the template evaluates to: values of the object or of the template itself.
  using Matches = std::vector<Json>;

  /// Throws Error with client-go's message if the template is invalid. Unless missing keys are allowed, a
  /// path fails if no value has the key.
  explicit JsonPath(std::string_view text, bool allows_missing_keys = true)
      : template_(jsonpath::parse_template(text)), allows_missing_keys_(allows_missing_keys) {}

  /// The matches of each text and path of the template, once for each iteration of a range. Throws Error with
  /// client-go's message, and if the evaluation takes too many steps.
  std::vector<Matches> find(const Json& object) const;

  /// The text that kubectl prints for the object: strings unquoted, maps and lists as JSON. Throws like
  /// find().
  std::string to_text(const Json& object) const;

  /// The text that kubectl prints with jsonpath-as-json: a list for each text and path. Throws like find().
  std::string to_json(const Json& object) const;

 private:
  jsonpath::Steps template_;
  bool allows_missing_keys_;
};

}  // namespace egress::render
