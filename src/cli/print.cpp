#include "egress/cli/print.hpp"

#include <ostream>

#include "egress/base/program.hpp"
#include "egress/mesh/names.hpp"

namespace egress::cli {
namespace {

/// No private key is ever printed.
Json without_keys(Json object) {
  if (object["kind"].as_string() != kube::kinds::secret.name) return object;
  const Json data = object["data"];
  for (const auto& [key, value] : data.members())
    if (key.ends_with(".key")) object.edit("data").erase(key);
  return object;
}

/// In the order of creation.
std::vector<Json> objects(const Printed& printed) {
  // What is printed is what stands when the command is done.
  mesh::Record settled = printed.plan.record;
  settled.operation = mesh::Operation::none;
  settled.resource_version.clear();
  std::vector<Json> items;
  if (printed.with_namespace) items.push_back(mesh::namespace_manifest(settled.egress.ns));
  items.push_back(mesh::record_manifest(settled, std::string(program_version)));
  for (const mesh::Object& one : printed.plan.objects) items.push_back(without_keys(one.json));
  return items;
}

}  // namespace

void print_object(std::ostream& out, const render::Output& output, const Json& object) {
  render::ObjectPrinter printer(out, output, render::ObjectPrinter::Frame::one);
  printer.add({object});
  printer.end();
}

std::vector<std::string> labels(const Printed& printed) {
  const mesh::Egress& egress = printed.plan.record.egress;
  std::vector<std::string> all;
  if (printed.with_namespace) all.push_back("namespace/" + egress.ns);
  all.push_back("configmap/" + mesh::object_name(egress.name));
  for (const mesh::Object& one : printed.plan.objects) all.push_back(one.reference.label());
  return all;
}

PlanPrinter::PlanPrinter(std::ostream& out, const render::Output& output)
    : out_(out), form_(output.form), objects_(out, output, render::ObjectPrinter::Frame::documents) {}

void PlanPrinter::print(const Printed& printed) {
  if (form_ == render::OutputForm::name) {
    for (const std::string& label : labels(printed)) out_ << label << '\n';
    return;
  }
  objects_.add(objects(printed));
}

}  // namespace egress::cli
