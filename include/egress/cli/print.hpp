#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "egress/base/json.hpp"
#include "egress/mesh/plan.hpp"
#include "egress/render/object_list.hpp"

namespace egress::cli {

/// What a write prints of its plan: the record and the objects, before them the namespace where that is made
/// too.
struct Printed {
  const mesh::Plan& plan;
  bool with_namespace = false;
};

/// "deployment.apps/httpbin-egress" and so on, in the order of creation.
std::vector<std::string> labels(const Printed& printed);

/// Prints the plans of one command: the objects in the output format `name`, `yaml` (documents) or `json`
/// (one List of all).
class PlanPrinter {
 public:
  PlanPrinter(std::ostream& out, std::string format);

  /// False where another output was not asked for.
  bool is_wanted() const { return !format_.empty(); }
  void print(const Printed& printed);

 private:
  std::ostream& out_;
  std::string format_;
  render::ObjectList list_;
  bool any_ = false;
};

/// One object as kubectl prints it: `yaml` or `json`.
void print_object(std::ostream& out, const Json& object, const std::string& format);

}  // namespace egress::cli
