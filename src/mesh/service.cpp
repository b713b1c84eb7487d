#include "egress/mesh/design.hpp"

namespace egress::mesh {
namespace {

Json port(const char* name, int number, int target) {
  return object({
      {"name", name},
      {"port", number},
      {"protocol", "TCP"},
      {"targetPort", target},
  });
}

}  // namespace

/// Callers come by port 80, whose name keeps HTTP/2 on the hop; no port below 1024 is bound in the pod.
Json service(const Design& design) {
  Json ports = design.mesh.gateway_injection() ? array({port("status-port", 15021, 15021)}) : Json();
  ports.push(port("http2", 80, 8080));
  ports.push(port("https", 443, 8443));
  return object({
      // A mesh may hide Services by default (defaultServiceExportTo); callers must see this one.
      {"annotations", object({{"networking.istio.io/exportTo", "*"}})},
      {"spec", object({
                   {"type", "ClusterIP"},
                   {"ports", std::move(ports)},
                   {"selector", design.selector()},
               })},
  });
}

}  // namespace egress::mesh
