#include "egress/base/text.hpp"
#include "egress/mesh/callers_port.hpp"
#include "egress/mesh/design.hpp"

namespace egress::mesh {
namespace {

Json port(const std::string& name, int number, int target) {
  return object({
      {"name", name},
      {"port", number},
      {"protocol", "TCP"},
      {"targetPort", target},
  });
}

/// A mesh may hide Services by default (defaultServiceExportTo); callers must see this one.
std::string export_to(const Egress& egress) {
  const Json namespaces = callers_export_to(egress);
  std::vector<std::string> names;
  for (const Json& ns : namespaces.items()) names.push_back(ns.as_string());
  return join(names, ",");
}

}  // namespace

Json service(const Design& design) {
  const CallersPort callers = callers_port(design.egress);
  Json ports = design.mesh.gateway_injection() ? array({port("status-port", 15021, 15021)}) : Json();
  ports.push(port(callers.name, callers.number, callers.target));
  return object({
      {"annotations", object({{"networking.istio.io/exportTo", export_to(design.egress)}})},
      {"spec", object({
                   {"type", design.egress.workload.service_type},
                   {"ports", std::move(ports)},
                   {"selector", design.selector()},
               })},
  });
}

}  // namespace egress::mesh
