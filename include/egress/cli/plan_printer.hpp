#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "egress/mesh/plan.hpp"
#include "egress/render/object_printer.hpp"

namespace egress::cli {

/// A plan to print: its record and objects, after the namespace if the command creates it.
struct PrintedPlan {
  const mesh::Plan& plan;
  bool with_namespace = false;
};

/// The names of the objects ("deployment.apps/httpbin-egress") in the order of creation.
std::vector<std::string> display_names(const PrintedPlan& printed);

/// Prints one object in a format of --output, as kubectl does.
void print_object(std::ostream& out, const render::Output& output, const Json& object);

/// Prints the plans of one command in the format of --output: names, YAML documents, or one List of all
/// objects.
class PlanPrinter {
 public:
  /// Throws Error if the value of --output is invalid (render/output.hpp).
  PlanPrinter(std::ostream& out, const std::string& output)
      : PlanPrinter(out, render::parse_output(output, false)) {}

  /// False without --output.
  bool is_requested() const { return form_ != render::OutputFormat::human; }
  void print(const PrintedPlan& printed);
  /// Prints another object in the same document or List.
  void print(const Json& object) { objects_.add({object}); }
  /// Ends the output.
  void end() { objects_.end(); }

 private:
  PlanPrinter(std::ostream& out, const render::Output& output);

  std::ostream& out_;
  render::OutputFormat form_;
  render::ObjectPrinter objects_;
};

}  // namespace egress::cli
