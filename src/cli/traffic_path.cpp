#include "egress/cli/traffic_path.hpp"

#include "egress/base/text.hpp"
#include "egress/mesh/callers_port.hpp"
#include "egress/mesh/names.hpp"

namespace egress::cli {
namespace {

std::string hop(const std::string& text) {
  return "  │ " + text + "\n";
}

}  // namespace

std::vector<std::string> caller_urls(const mesh::Egress& egress) {
  std::vector<std::string> urls;
  const std::string port = ":" + std::to_string(egress.port);
  if (egress.protocol == mesh::Protocol::tcp) {
    for (const std::string& address : egress.addresses) urls.push_back(address + port);
    return urls;
  }
  for (const std::string& host : egress.hosts)
    for (const std::string& name : mesh::caller_hosts(egress, host)) {
      if (egress.protocol == mesh::Protocol::https)
        urls.push_back("https://" + name + (egress.port == 443 ? "" : port) + "/");
      else
        urls.push_back(egress.protocol == mesh::Protocol::grpc ? name + ":80 (gRPC, plaintext)"
                                                               : "http://" + name + "/");
    }
  return urls;
}

std::vector<std::string> access_restrictions(const mesh::Egress& egress) {
  std::vector<std::string> restrictions;
  std::vector<std::string> allowed;
  for (const mesh::Caller& caller : egress.mesh.allow) allowed.push_back(caller.text());
  if (!allowed.empty() && egress.ingress) allowed.push_back(egress.ingress->ns + "/* (ingress gateway)");
  if (!allowed.empty()) restrictions.push_back("allowed callers: " + join(allowed, ", "));
  if (egress.network_policy)
    restrictions.push_back(std::string("NetworkPolicy: only pods ") +
                           (allowed.empty() ? "in this cluster" : "in these namespaces"));
  if (egress.opa)
    restrictions.push_back(
        std::string("OPA authorizes every request; while it is unavailable, requests are ") +
        (egress.opa->fail_open ? "allowed" : "denied"));
  return restrictions;
}

std::string gateway_address(const mesh::Egress& egress) {
  return "service/" + mesh::object_name(egress.name) + "." + egress.ns + ":" +
         std::to_string(mesh::callers_port(egress).number);
}

namespace {

/// The namespaces whose traffic is routed through the gateway; empty for all.
std::string export_scope_text(const mesh::Egress& egress) {
  std::vector<std::string> namespaces;
  const Json export_to = mesh::callers_export_to(egress);
  for (const Json& item : export_to.items())
    namespaces.push_back(item.as_string() == "." ? egress.ns : item.as_string());
  return namespaces.front() == "*" ? "" : hop("routed only from namespaces: " + join(namespaces, ", "));
}

/// The hops from the gateway to each host.
std::string upstream_hops(const mesh::Egress& egress) {
  const std::string port = ":" + std::to_string(egress.port);
  if (egress.hosts.size() == 1)
    return hop(upstream_tls(egress, egress.host())) + egress.upstream_host(egress.host()) + port + "\n";
  std::string text;
  for (const std::string& host : egress.hosts)
    text += (host == egress.hosts.back() ? "  └ " : "  ├ ") + host + port + ": " +
            upstream_tls(egress, host) + "\n";
  return text;
}

/// The hops from clients outside through the ingress gateway, which is another caller.
std::string ingress_hops(const mesh::Egress& egress) {
  if (!egress.ingress) return {};
  const mesh::Ingress& ingress = *egress.ingress;
  std::string text;
  for (const std::string& host : ingress.hosts) text += "client (outside)     https://" + host + "/\n";
  text += hop("TLS terminated by the ingress gateway with secret/" + ingress.credential);
  text += "ingress gateway in namespace " + ingress.ns + "\n";
  text += hop(egress.mesh.mutual ? "mTLS (ingress gateway to gateway)" : mesh_tls(egress));
  return text + gateway_address(egress) + ", then as above\n";
}

}  // namespace

std::string ready_pods_text(const mesh::Summary& summary) {
  return std::to_string(summary.ready_replicas) + " of " + std::to_string(summary.replicas) + " ready";
}

std::string mesh_tls(const mesh::Egress& egress) {
  const std::string note = egress.protocol == mesh::Protocol::https ? ", around the caller's own TLS" : "";
  if (egress.mesh.mutual) return "mTLS (sidecar to gateway)" + note;
  if (egress.protocol == mesh::Protocol::https)
    return "the caller's own TLS, passed through; caller identity unknown";
  if (egress.protocol == mesh::Protocol::tcp)
    return "not encrypted by the mesh, bytes passed through; caller identity unknown";
  return "not encrypted; caller identity unknown";
}

std::string upstream_tls(const mesh::Egress& egress, const std::string& host) {
  const mesh::UpstreamTls& tls = egress.tls;
  if (tls.mode == mesh::TlsMode::passthrough) return "the caller's own TLS, terminated by the service";
  if (tls.mode == mesh::TlsMode::none)
    return egress.is_http() ? "not encrypted" : "bytes passed through, TLS only if the caller starts it";
  const bool has_custom_sni = !tls.sni.empty() && tls.sni != egress.upstream_host(host);
  const std::string sni = has_custom_sni ? ", SNI " + tls.sni : "";
  if (!tls.verify) return "TLS originated by the gateway" + sni + "; certificate NOT verified";
  const std::string server_names = tls.subject_alt_names.empty()
                                       ? egress.upstream_host(host)
                                       : printable(join(tls.subject_alt_names, " or "), 300);
  const std::string client_certificate =
      tls.mode == mesh::TlsMode::mutual ? ", client certificate from secret/" + tls.credential : "";
  const std::string roots = tls.mode == mesh::TlsMode::mutual ? "CA from the same Secret"
                            : tls.ca_credential.empty()       ? "system roots"
                                                              : "CA from secret/" + tls.ca_credential;
  return "TLS originated by the gateway" + client_certificate + sni + "; certificate verified for " +
         server_names + " (" + roots + ")";
}

std::string traffic_path(const mesh::Summary& summary) {
  const mesh::Egress& egress = summary.record.egress;
  std::string text;
  for (const std::string& url : caller_urls(egress)) text += "caller (in mesh)     " + url + "\n";
  text += export_scope_text(egress) + hop(mesh_tls(egress));
  for (const std::string& restriction : access_restrictions(egress)) text += hop(restriction);
  text += gateway_address(egress) + "   pods: " + ready_pods_text(summary) + "\n";
  return text + upstream_hops(egress) + ingress_hops(egress);
}

}  // namespace egress::cli
