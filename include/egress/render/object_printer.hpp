#pragma once

#include <iosfwd>
#include <optional>
#include <vector>

#include "egress/base/json.hpp"
#include "egress/render/object_list.hpp"
#include "egress/render/output.hpp"

namespace egress::render {

/// Prints objects in a form of --output, but for human, wide and name, which are the commands' own. Only a
/// JSONPath, which may look at all objects at once, keeps them.
class ObjectPrinter {
 public:
  /// One object by itself, a `v1` List of all, such a List but YAML documents, or each object by itself as
  /// soon as it is there.
  enum class Frame { one, list, documents, each };

  ObjectPrinter(std::ostream& out, Output output, Frame frame);

  /// Throws Error where custom-columns cannot be had of an object.
  void add(std::vector<Json> objects);
  /// Behind the last object. Throws Error with kubectl's words where a JSONPath cannot be followed.
  void end();

 private:
  void print_alone(const Json& object);
  void print_found(const Json& all);

  std::ostream& out_;
  Output output_;
  Frame frame_;
  std::optional<ObjectList> list_;
  std::vector<Json> kept_;
  bool any_ = false;
};

}  // namespace egress::render
