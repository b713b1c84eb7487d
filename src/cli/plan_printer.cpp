#include "egress/cli/plan_printer.hpp"

#include <ostream>

#include "egress/base/version.hpp"
#include "egress/mesh/names.hpp"

namespace egress::cli {
namespace {

/// Removes private keys, which are never printed.
Json mask_private_keys(Json object) {
  if (object["kind"].as_string() != kube::kinds::secret.name) return object;
  const Json data = object["data"];
  for (const auto& [key, value] : data.members())
    if (key.ends_with(".key")) object.edit("data").erase(key);
  return object;
}

/// The objects to print, in the order of creation.
std::vector<Json> plan_objects(const PrintedPlan& printed) {
  // Print the record as it is after the command has finished.
  mesh::Record record = printed.plan.record;
  record.operation = mesh::Operation::none;
  record.resource_version.clear();
  std::vector<Json> items;
  if (printed.with_namespace) items.push_back(mesh::namespace_manifest(record.egress.ns));
  items.push_back(mesh::record_manifest(record, std::string(program_version)));
  for (const mesh::Object& object : printed.plan.objects) items.push_back(mask_private_keys(object.json));
  return items;
}

}  // namespace

void print_object(std::ostream& out, const render::Output& output, const Json& object) {
  render::ObjectPrinter printer(out, output, render::ObjectPrinter::Layout::one);
  printer.add({object});
  printer.end();
}

std::vector<std::string> display_names(const PrintedPlan& printed) {
  const mesh::Egress& egress = printed.plan.record.egress;
  std::vector<std::string> names;
  if (printed.with_namespace) names.push_back("namespace/" + egress.ns);
  names.push_back("configmap/" + mesh::object_name(egress.name));
  for (const mesh::Object& object : printed.plan.objects) names.push_back(object.reference.display_name());
  return names;
}

PlanPrinter::PlanPrinter(std::ostream& out, const render::Output& output)
    : out_(out), form_(output.format), objects_(out, output, render::ObjectPrinter::Layout::documents) {}

void PlanPrinter::print(const PrintedPlan& printed) {
  if (form_ == render::OutputFormat::name) {
    for (const std::string& label : display_names(printed)) out_ << label << '\n';
    return;
  }
  objects_.add(plan_objects(printed));
}

}  // namespace egress::cli
