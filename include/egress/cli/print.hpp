#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "egress/base/json.hpp"
#include "egress/mesh/plan.hpp"

namespace egress::cli {

/// What a write prints of its plan: the record and the objects, before them the namespace where that is made
/// too.
struct Printed {
  const mesh::Plan& plan;
  bool with_namespace = false;
};

/// "deployment.apps/httpbin-egress" and so on, in the order of creation.
std::vector<std::string> labels(const Printed& printed);

/// The objects in the output format `name`, `yaml` (documents) or `json` (a List).
void print_plan(std::ostream& out, const Printed& printed, const std::string& format);

/// One object as kubectl prints it: `yaml` or `json`.
void print_object(std::ostream& out, const Json& object, const std::string& format);

/// Several objects: JSON and YAML in one `List`.
void print_list(std::ostream& out, std::vector<Json> items, const std::string& format);

}  // namespace egress::cli
