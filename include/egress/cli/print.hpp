#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "egress/base/json.hpp"
#include "egress/mesh/plan.hpp"

namespace egress::cli {

/// The objects of a plan, its record first, in the output format `name`, `yaml` or `json`.
void print_plan(std::ostream& out, const mesh::Plan& plan, const std::string& format);

/// One object as kubectl prints it: `yaml` or `json`.
void print_object(std::ostream& out, const Json& object, const std::string& format);

/// Several objects: JSON and YAML in one `List`.
void print_list(std::ostream& out, std::vector<Json> items, const std::string& format);

}  // namespace egress::cli
