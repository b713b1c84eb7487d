#include "egress/cli/print.hpp"

#include <ostream>

#include "egress/base/program.hpp"
#include "egress/base/yaml.hpp"
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

}  // namespace

void print_object(std::ostream& out, const Json& object, const std::string& format) {
  const Json sorted = object.sorted();
  out << (format == "json" ? sorted.dump_pretty() : to_yaml(sorted));
}

void print_list(std::ostream& out, std::vector<Json> items, const std::string& format) {
  print_object(out,
               object({
                   {"apiVersion", "v1"},
                   {"items", Json(std::move(items))},
                   {"kind", "List"},
                   {"metadata", object({{"resourceVersion", ""}})},
               }),
               format);
}

std::vector<std::string> labels(const Printed& printed) {
  const mesh::Egress& egress = printed.plan.record.egress;
  std::vector<std::string> all;
  if (printed.with_namespace) all.push_back("namespace/" + egress.ns);
  all.push_back("configmap/" + mesh::object_name(egress.name));
  for (const mesh::Object& one : printed.plan.objects) all.push_back(one.reference.label());
  return all;
}

void print_plan(std::ostream& out, const Printed& printed, const std::string& format) {
  if (format == "name") {
    for (const std::string& label : labels(printed)) out << label << '\n';
    return;
  }
  // What is printed is what stands when the command is done.
  mesh::Record settled = printed.plan.record;
  settled.operation = mesh::Operation::none;
  settled.resource_version.clear();
  std::vector<Json> items;
  if (printed.with_namespace) items.push_back(mesh::namespace_manifest(settled.egress.ns));
  items.push_back(mesh::record_manifest(settled, std::string(program_version)));
  for (const mesh::Object& one : printed.plan.objects) items.push_back(without_keys(one.json));
  if (format == "json") return print_list(out, std::move(items), format);
  for (Json& item : items) item = item.sorted();
  out << to_yaml(items);
}

}  // namespace egress::cli
