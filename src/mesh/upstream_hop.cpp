#include "egress/mesh/callers_port.hpp"
#include "egress/mesh/design.hpp"

namespace egress::mesh {
namespace {

/// Headers with internal data of the mesh, such as caller and pod, which must not leave the mesh.
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

Json service_destination(const Egress& egress, const std::string& host) {
  return array({object({{"destination", object({
                                            {"host", egress.upstream_host(host)},
                                            {"port", object({{"number", egress.port}})},
                                        })}})});
}

/// Rewrites the Host header to the host, because callers may use an alias. With a wildcard only the caller
/// knows the host.
Json http_route(const Egress& egress, const std::string& host) {
  const Json authority = egress.has_wildcard_host() ? Json() : object({{"authority", host}});
  return object({
      {"rewrite", authority},
      {"headers", object({{"request", object({{"remove", mesh_headers()}})}})},
      {"route", service_destination(egress, host)},
  });
}

/// Matches by port if the mesh's TLS ends at the gateway, because only bytes remain; otherwise HTTPS matches
/// by SNI.
Json tcp_route(const Egress& egress, const std::string& host) {
  Json match = object({{"port", callers_port(egress).number}});
  if (!egress.mesh.mutual && egress.protocol == Protocol::https) match.set("sniHosts", array({host}));
  return object({{"match", array({std::move(match)})}, {"route", service_destination(egress, host)}});
}

struct EntryPort {
  const char* name;
  const char* protocol;
};

/// The protocol of the hop to the service. Istio treats HTTPS as bytes that a DestinationRule can wrap in
/// TLS.
EntryPort entry_port(const Egress& egress) {
  if (egress.protocol == Protocol::https) return {"tls", "TLS"};
  if (egress.protocol == Protocol::tcp) return {"tcp", "TCP"};
  if (egress.protocol == Protocol::grpc) return {"grpc", "GRPC"};
  if (egress.originates_tls()) return {"https", "HTTPS"};
  return {"http", "HTTP"};
}

Json service_entry_spec(const Egress& egress, Json hosts, Json export_to) {
  const EntryPort port = entry_port(egress);
  return object({
      {"exportTo", std::move(export_to)},
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

/// Hop 2: from the gateway to the external service.
Json upstream_virtual_service(const Design& design, const std::string& host) {
  const Egress& egress = design.egress;
  Json names = array(caller_hosts(egress, host));
  // The pod's own probe requests the server itself. Istio does not accept a name together with a wildcard
  // that matches it (pkg/config/validation, "duplicate hosts in virtual service", 1.7.0).
  if (egress.has_separate_server() && egress.probe) names.push(egress.server);
  const bool by_sni = egress.protocol == Protocol::https && !egress.mesh.mutual;
  const bool by_port = !egress.is_http() && !by_sni;
  return object({{"spec", object({
                              {"exportTo", this_namespace()},
                              {"hosts", std::move(names)},
                              {"gateways", array({egress.ns + "/" + design.name()})},
                              {"http", egress.is_http() ? array({http_route(egress, host)}) : Json()},
                              {"tls", by_sni ? array({tcp_route(egress, host)}) : Json()},
                              {"tcp", by_port ? array({tcp_route(egress, host)}) : Json()},
                          })}});
}

/// For HTTP the entry is private to this namespace: if callers saw it, their requests to `https://HOST` would
/// bypass the gateway. TLS and TCP callers must see it, because their sidecars know the host only from the
/// entry.
Json service_entry(const Design& design) {
  const Egress& egress = design.egress;
  const bool is_wildcard_for_callers = egress.has_wildcard_host() && !egress.is_http();
  Json hosts = egress.has_wildcard_host() && egress.is_http() ? array({egress.server}) : array(egress.hosts);
  Json spec = service_entry_spec(egress, std::move(hosts),
                                 egress.is_http() ? this_namespace() : callers_export_to(egress));
  if (is_wildcard_for_callers) spec.set("resolution", "NONE");
  return object({{"spec", std::move(spec)}});
}

/// The server of a wildcard, visible to this gateway only.
Json server_service_entry(const Design& design) {
  return object(
      {{"spec", service_entry_spec(design.egress, array({design.egress.server}), this_namespace())}});
}

}  // namespace egress::mesh
