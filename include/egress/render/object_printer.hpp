#pragma once

#include <iosfwd>
#include <optional>
#include <vector>

#include "egress/base/json.hpp"
#include "egress/render/list_printer.hpp"
#include "egress/render/output.hpp"

namespace egress::render {

/// Prints objects in a format of --output, except human, wide and name, which each command prints itself.
/// Keeps objects only for a JSONPath, which may need all of them at once.
class ObjectPrinter {
 public:
  /// How objects are combined: `one` prints a single object, `list` a `v1` List, `documents` a `v1` List in
  /// JSON and separate documents in YAML, `each` every object as soon as it is added.
  enum class Layout { one, list, documents, each };

  ObjectPrinter(std::ostream& out, Output output, Layout layout);

  /// Throws Error if a path of custom-columns does not fit an object.
  void add(std::vector<Json> objects);
  /// Must be called after the last object. Throws Error with kubectl's message if a JSONPath fails.
  void end();

 private:
  void print_object(const Json& object);
  void print_jsonpath(const Json& value);

  std::ostream& out_;
  Output output_;
  Layout layout_;
  std::optional<ListPrinter> list_;
  std::vector<Json> objects_;
  bool has_printed_ = false;
};

}  // namespace egress::render
