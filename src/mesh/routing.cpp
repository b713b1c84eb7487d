#include "egress/mesh/design.hpp"

namespace egress::mesh {
namespace {

/// The Service's port for callers, and with it the number of the Gateway's server.
constexpr int callers_port = 80;

/// Headers by which a mesh speaks to itself: who called, from which pod. None of them leaves it.
Json mesh_headers() {
  return array({
      "x-forwarded-client-cert",
      "x-envoy-peer-metadata",
      "x-envoy-peer-metadata-id",
      "x-envoy-decorator-operation",
      "x-envoy-attempt-count",
  });
}

/// Every name by which a caller may ask: the host and its aliases.
Json caller_hosts(const Egress& egress, const std::string& prefix = {}) {
  Json hosts = array({prefix + egress.host});
  for (const std::string& alias : egress.aliases) hosts.push(prefix + alias);
  return hosts;
}

Json route_to(const std::string& host, int port) {
  return array({object({{"destination", object({
                                            {"host", host},
                                            {"port", object({{"number", port}})},
                                        })}})});
}

Json this_namespace() {
  return array({"."});
}
Json everywhere() {
  return array({"*"});
}

}  // namespace

/// Callers must come with the mesh's own TLS; only routes of this namespace may bind ("./").
Json gateway(const Design& design) {
  return object({
      {"spec", object({
                   {"selector", design.selector()},
                   {"servers", array({object({
                                   {"port", object({
                                                {"number", callers_port},
                                                {"name", "https-mtls"},
                                                {"protocol", "HTTPS"},
                                            })},
                                   {"hosts", caller_hosts(design.egress, "./")},
                                   {"tls", object({{"mode", "ISTIO_MUTUAL"}})},
                               })})},
               })},
  });
}

/// Hop 1: from every caller's sidecar to the gateway.
Json callers_route(const Design& design) {
  const std::string service = service_host(design.egress, design.mesh);
  return object({
      {"spec", object({
                   {"exportTo", everywhere()},
                   {"hosts", caller_hosts(design.egress)},
                   {"gateways", array({"mesh"})},
                   {"http", array({object({{"route", route_to(service, callers_port)}})})},
               })},
  });
}

/// Hop 1 in the mesh's own TLS; the name in its SNI chooses the Gateway's server.
Json callers_policy(const Design& design) {
  return object({
      {"spec",
       object({
           {"exportTo", everywhere()},
           {"host", service_host(design.egress, design.mesh)},
           {"trafficPolicy", object({{"portLevelSettings", array({object({
                                                               {"port", object({{"number", callers_port}})},
                                                               {"tls", object({
                                                                           {"mode", "ISTIO_MUTUAL"},
                                                                           {"sni", design.egress.host},
                                                                       })},
                                                           })})}})},
       })},
  });
}

/// Hop 2: from the gateway to the outside, under the service's own name whatever the caller called it.
Json upstream_route(const Design& design) {
  const Egress& egress = design.egress;
  return object({
      {"spec", object({
                   {"exportTo", this_namespace()},
                   {"hosts", caller_hosts(egress)},
                   {"gateways", array({egress.ns + "/" + design.name()})},
                   {"http", array({object({
                                {"rewrite", object({{"authority", egress.host}})},
                                {"headers", object({{"request", object({{"remove", mesh_headers()}})}})},
                                {"route", route_to(egress.host, egress.port)},
                            })})},
               })},
  });
}

/// Private to this namespace: seen by callers, it would let `https://HOST` go around the gateway.
Json service_entry(const Design& design) {
  return object({
      {"spec", object({
                   {"exportTo", this_namespace()},
                   {"hosts", array({design.egress.host})},
                   {"location", "MESH_EXTERNAL"},
                   {"resolution", "DNS"},
                   {"ports", array({object({
                                 {"number", design.egress.port},
                                 {"name", "https"},
                                 {"protocol", "HTTPS"},
                             })})},
               })},
  });
}

/// This gateway's pods alone. What encrypts hop 1 is the Gateway's server; this holds for any other port.
Json peer_authentication(const Design& design) {
  return object({
      {"spec", object({
                   {"selector", object({{"matchLabels", design.selector()}})},
                   {"mtls", object({{"mode", "STRICT"}})},
               })},
  });
}

}  // namespace egress::mesh
