#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "egress/render/jsonpath_template.hpp"

namespace egress::render {

/// A template of `-o jsonpath=…`: text, and paths in braces, as client-go 1.36 (util/jsonpath) has them.
class JsonPath {
 public:
  /// What a text or a path of the template has found: values of the object, or of the template itself.
  using Found = std::vector<Json>;

  /// Throws Error with client-go's words where the template cannot be read. Unless missing keys are allowed,
  /// a path that finds nothing by a key fails.
  explicit JsonPath(std::string_view text, bool allows_missing_keys = true)
      : template_(jsonpath::read_template(text)), allows_missing_keys_(allows_missing_keys) {}

  /// For each text and path of the template, and each time that a range comes to it. Throws Error with
  /// client-go's words, and where more is found than anyone can mean.
  std::vector<Found> find(const Json& object) const;

  /// What kubectl prints for the object: text bare, maps and lists as JSON. Throws as find() does.
  std::string text(const Json& object) const;

  /// What it prints with jsonpath-as-json: a list for each text and path.
  std::string json(const Json& object) const;

 private:
  jsonpath::Steps template_;
  bool allows_missing_keys_;
};

}  // namespace egress::render
