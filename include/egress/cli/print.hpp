#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "egress/mesh/plan.hpp"
#include "egress/render/object_printer.hpp"

namespace egress::cli {

/// What a write prints of its plan: the record and the objects, before them the namespace where that is made
/// too.
struct Printed {
  const mesh::Plan& plan;
  bool with_namespace = false;
};

/// "deployment.apps/httpbin-egress" and so on, in the order of creation.
std::vector<std::string> labels(const Printed& printed);

/// One object as kubectl prints it, in a form of --output that is not the command's own.
void print_object(std::ostream& out, const render::Output& output, const Json& object);

/// Prints the plans of one command in the form of --output: the names, YAML documents, or one List of all
/// objects.
class PlanPrinter {
 public:
  /// Throws Error where --output asks for something else (render/output.hpp).
  PlanPrinter(std::ostream& out, const std::string& output)
      : PlanPrinter(out, render::read_output(output, false)) {}

  /// False where another output was not asked for.
  bool is_wanted() const { return form_ != render::OutputForm::human; }
  void print(const Printed& printed);
  /// Another object among them.
  void print(const Json& object) { objects_.add({object}); }
  /// Behind the last plan.
  void end() { objects_.end(); }

 private:
  PlanPrinter(std::ostream& out, const render::Output& output);

  std::ostream& out_;
  render::OutputForm form_;
  render::ObjectPrinter objects_;
};

}  // namespace egress::cli
