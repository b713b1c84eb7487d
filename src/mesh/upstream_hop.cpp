#include "egress/mesh/callers_port.hpp"
#include "egress/mesh/design.hpp"

namespace egress::mesh {
namespace {

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

Json this_namespace() {
  return array({"."});
}

Json to_service(const Egress& egress, const std::string& host) {
  return array({object({{"destination", object({
                                            {"host", egress.target(host)},
                                            {"port", object({{"number", egress.port}})},
                                        })}})});
}

/// Under the service's own name, whatever the caller called it; whom a wildcard means only its caller knows.
Json http_route(const Egress& egress, const std::string& host) {
  const Json authority = egress.wildcard() ? Json() : object({{"authority", host}});
  return object({
      {"rewrite", authority},
      {"headers", object({{"request", object({{"remove", mesh_headers()}})}})},
      {"route", to_service(egress, host)},
  });
}

/// Where callers' TLS ends at the gateway only bytes are left to route; where it does not, its SNI is.
Json bytes_route(const Egress& egress, const std::string& host) {
  Json match = object({{"port", callers_port(egress).number}});
  if (!egress.mesh.mutual && egress.protocol == Protocol::https) match.set("sniHosts", array({host}));
  return object({{"match", array({std::move(match)})}, {"route", to_service(egress, host)}});
}

struct EntryPort {
  const char* name;
  const char* protocol;
};

/// What the gateway speaks to the service: to Istio, HTTPS is bytes that a DestinationRule may wrap in TLS.
EntryPort entry_port(const Egress& egress) {
  if (egress.protocol == Protocol::https) return {"tls", "TLS"};
  if (egress.protocol == Protocol::tcp) return {"tcp", "TCP"};
  if (egress.protocol == Protocol::grpc) return {"grpc", "GRPC"};
  if (egress.originates()) return {"https", "HTTPS"};
  return {"http", "HTTP"};
}

Json entry(const Egress& egress, Json hosts, Json scope) {
  const EntryPort port = entry_port(egress);
  return object({
      {"exportTo", std::move(scope)},
      {"hosts", std::move(hosts)},
      {"addresses", egress.addresses.empty() ? Json() : array(egress.addresses)},
      {"location", "MESH_EXTERNAL"},
      {"resolution", "DNS"},
      {"ports", array({object({
                    {"number", egress.port},
                    {"name", port.name},
                    {"protocol", port.protocol},
                })})},
  });
}

}  // namespace

/// Hop 2: from the gateway to the outside.
Json upstream_route(const Design& design, const std::string& host) {
  const Egress& egress = design.egress;
  Json names = array(caller_names(egress, host));
  // The pod's own probe asks for the server itself. Istio takes no name beside a wildcard that stands for it
  // (pkg/config/validation, "duplicate hosts in virtual service", 1.7.0).
  if (egress.server_apart() && egress.probe) names.push(egress.server);
  const bool by_sni = egress.protocol == Protocol::https && !egress.mesh.mutual;
  const bool by_port = !egress.http() && !by_sni;
  return object({{"spec", object({
                              {"exportTo", this_namespace()},
                              {"hosts", std::move(names)},
                              {"gateways", array({egress.ns + "/" + design.name()})},
                              {"http", egress.http() ? array({http_route(egress, host)}) : Json()},
                              {"tls", by_sni ? array({bytes_route(egress, host)}) : Json()},
                              {"tcp", by_port ? array({bytes_route(egress, host)}) : Json()},
                          })}});
}

/// For HTTP private to this namespace: seen by callers, it would let `https://HOST` go around the gateway.
/// Callers who make the TLS themselves, or dial an address, need to see it: only then does their sidecar
/// know the host.
Json service_entry(const Design& design) {
  const Egress& egress = design.egress;
  const bool wildcard_of_callers = egress.wildcard() && !egress.http();
  Json hosts = egress.wildcard() && egress.http() ? array({egress.server}) : array(egress.hosts);
  Json made = entry(egress, std::move(hosts), egress.http() ? this_namespace() : callers_scope(egress));
  if (wildcard_of_callers) made.set("resolution", "NONE");
  return object({{"spec", std::move(made)}});
}

/// The one server behind a wildcard that callers see: to this gateway alone.
Json server_entry(const Design& design) {
  return object({{"spec", entry(design.egress, array({design.egress.server}), this_namespace())}});
}

}  // namespace egress::mesh
