#include "egress/cli/print.hpp"

#include <ostream>

#include "egress/base/program.hpp"
#include "egress/base/yaml.hpp"
#include "egress/mesh/names.hpp"

namespace egress::cli {

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

void print_plan(std::ostream& out, const mesh::Plan& plan, const std::string& format) {
  const mesh::Egress& egress = plan.record.egress;
  if (format == "name") {
    out << "configmap/" << mesh::object_name(egress.name) << '\n';
    for (const mesh::Object& one : plan.objects) out << one.reference.label() << '\n';
    return;
  }
  // What is printed is what stands when the command is done.
  mesh::Record settled = plan.record;
  settled.operation = mesh::Operation::none;
  settled.resource_version.clear();
  std::vector<Json> items{mesh::record_manifest(settled, std::string(program_version))};
  for (const mesh::Object& one : plan.objects) items.push_back(one.json);
  if (format == "json") return print_list(out, std::move(items), format);
  for (Json& item : items) item = item.sorted();
  out << to_yaml(items);
}

}  // namespace egress::cli
