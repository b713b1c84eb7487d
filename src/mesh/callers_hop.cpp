#include "egress/mesh/callers_port.hpp"
#include "egress/mesh/design.hpp"

namespace egress::mesh {
namespace {

/// True if several hosts share a hop on which the gateway sees only bytes. The SNI of the mesh's TLS then
/// identifies the host.
bool routes_by_sni(const Egress& egress) {
  return egress.mesh.mutual && !egress.is_http() && egress.hosts.size() > 1;
}

std::string subset_name(const std::string& host) {
  return "host-" + host_digest(host);
}

/// The hosts of a Gateway's server. With "./" only routes of this namespace may bind to them.
Json server_hosts(const Egress& egress, const std::vector<std::string>& hosts) {
  Json names;
  for (const std::string& host : hosts)
    for (const std::string& name : caller_hosts(egress, host)) names.push("./" + name);
  // The hop's SNI must be a host of the server.
  if (egress.has_separate_server()) names.push("./" + egress.server);
  return names;
}

Json server(const char* name, const char* protocol, int number, Json hosts) {
  return object({
      {"port", object({{"number", number}, {"name", name}, {"protocol", protocol}})},
      {"hosts", std::move(hosts)},
  });
}

Json with_tls(Json server, const char* mode) {
  server.set("tls", object({{"mode", mode}}));
  return server;
}

/// The servers for callers that use the mesh's mutual TLS.
Json mutual_servers(const Egress& egress) {
  const int number = callers_port(egress).number;
  if (egress.is_http())
    return array({with_tls(server("https-mtls", "HTTPS", number, server_hosts(egress, egress.hosts)),
                           "ISTIO_MUTUAL")});
  Json servers;
  for (const std::string& host : egress.hosts) {
    const std::string name = routes_by_sni(egress) ? "tls-mtls-" + host_digest(host) : "tls-mtls";
    servers.push(with_tls(server(name.c_str(), "TLS", number, server_hosts(egress, {host})), "ISTIO_MUTUAL"));
  }
  return servers;
}

/// The servers for callers that use their own protocol, without the mesh's TLS.
Json plaintext_servers(const Egress& egress) {
  const int number = callers_port(egress).number;
  Json hosts = server_hosts(egress, egress.hosts);
  if (egress.is_http()) return array({server("http", "HTTP", number, std::move(hosts))});
  if (egress.protocol == Protocol::tcp) return array({server("tcp", "TCP", number, std::move(hosts))});
  return array({with_tls(server("tls", "TLS", number, std::move(hosts)), "PASSTHROUGH")});
}

Json probe_server(const Egress& egress) {
  Json probe = server("http-probe", "HTTP", probe_port, array({"./" + egress.upstream_host(egress.host())}));
  probe.set("bind", "127.0.0.1");
  return probe;
}

/// The gateway's Service, as a route's destination.
Json gateway_destination(const Design& design, const std::string& host) {
  const Egress& egress = design.egress;
  return array(
      {object({{"destination", object({
                                   {"host", service_host(egress, design.mesh)},
                                   {"subset", routes_by_sni(egress) ? Json(subset_name(host)) : Json()},
                                   {"port", object({{"number", callers_port(egress).number}})},
                               })}})});
}

Json tls_routes(const Design& design) {
  Json routes;
  for (const std::string& host : design.egress.hosts)
    routes.push(object({
        {"match", array({object({{"port", design.egress.port}, {"sniHosts", array({host})}})})},
        {"route", gateway_destination(design, host)},
    }));
  return routes;
}

/// Istio mutual TLS; its SNI must be a host of one of the Gateway's servers.
Json istio_mutual_tls(const Egress& egress, const std::string& host) {
  const Json tls = object({{"mode", "ISTIO_MUTUAL"}, {"sni", egress.upstream_host(host)}});
  const Json port = object({{"number", callers_port(egress).number}});
  return object({{"portLevelSettings", array({object({{"port", port}, {"tls", tls}})})}});
}

Json mutual_subsets(const Egress& egress) {
  Json subsets;
  for (const std::string& host : egress.hosts)
    subsets.push(object({{"name", subset_name(host)}, {"trafficPolicy", istio_mutual_tls(egress, host)}}));
  return subsets;
}

}  // namespace

Json gateway(const Design& design) {
  const Egress& egress = design.egress;
  Json servers = egress.mesh.mutual ? mutual_servers(egress) : plaintext_servers(egress);
  if (egress.probe) servers.push(probe_server(egress));
  return object({{"spec", object({{"selector", design.selector()}, {"servers", std::move(servers)}})}});
}

/// Hop 1: from callers' sidecars and the ingress gateway to the egress gateway.
Json callers_virtual_service(const Design& design) {
  const Egress& egress = design.egress;
  Json names;
  for (const std::string& host : egress.hosts)
    for (const std::string& name : caller_hosts(egress, host)) names.push(name);
  Json gateways = array({"mesh"});
  if (egress.ingress) gateways.push(egress.ingress->ns + "/" + ingress_name(egress));

  const Json route = gateway_destination(design, egress.host());
  Json http;
  Json tls;
  Json tcp;
  if (egress.is_http()) http = array({object({{"route", route}})});
  if (egress.protocol == Protocol::https) tls = tls_routes(design);
  if (egress.protocol == Protocol::tcp)
    tcp = array({object({{"match", array({object({{"port", egress.port}})})}, {"route", route}})});
  return object({{"spec", object({
                              {"exportTo", callers_export_to(egress)},
                              {"hosts", std::move(names)},
                              {"gateways", std::move(gateways)},
                              {"http", std::move(http)},
                              {"tls", std::move(tls)},
                              {"tcp", std::move(tcp)},
                          })}});
}

/// Mutual TLS on hop 1.
Json callers_destination_rule(const Design& design) {
  const Egress& egress = design.egress;
  const bool by_sni = routes_by_sni(egress);
  return object({{"spec", object({
                              {"exportTo", callers_export_to(egress)},
                              {"host", service_host(egress, design.mesh)},
                              {"trafficPolicy", by_sni ? Json() : istio_mutual_tls(egress, egress.host())},
                              {"subsets", by_sni ? mutual_subsets(egress) : Json()},
                          })}});
}

}  // namespace egress::mesh
