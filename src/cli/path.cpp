#include "egress/cli/path.hpp"

#include "egress/base/text.hpp"
#include "egress/mesh/callers_port.hpp"
#include "egress/mesh/names.hpp"

namespace egress::cli {
namespace {

std::string hop(const std::string& what) {
  return "  │ " + what + "\n";
}

}  // namespace

std::vector<std::string> caller_requests(const mesh::Egress& egress) {
  std::vector<std::string> asked;
  const std::string port = ":" + std::to_string(egress.port);
  if (egress.protocol == mesh::Protocol::tcp) {
    for (const std::string& address : egress.addresses) asked.push_back(address + port);
    return asked;
  }
  for (const std::string& host : egress.hosts)
    for (const std::string& name : mesh::caller_names(egress, host)) {
      if (egress.protocol == mesh::Protocol::https)
        asked.push_back("https://" + name + (egress.port == 443 ? "" : port) + "/");
      else
        asked.push_back(egress.protocol == mesh::Protocol::grpc ? name + ":80 (gRPC, without TLS)"
                                                                : "http://" + name + "/");
    }
  return asked;
}

std::vector<std::string> admission(const mesh::Egress& egress) {
  std::vector<std::string> steps;
  std::vector<std::string> allowed;
  for (const mesh::Caller& caller : egress.mesh.allow) allowed.push_back(caller.text());
  if (!allowed.empty() && egress.ingress)
    allowed.push_back(egress.ingress->ns + "/* (the ingress gateway's)");
  if (!allowed.empty()) steps.push_back("only for " + join(allowed, ", "));
  if (egress.network_policy)
    steps.push_back(std::string("a NetworkPolicy lets in pods of ") +
                    (allowed.empty() ? "this cluster only" : "those namespaces only"));
  if (egress.opa)
    steps.push_back(std::string("only what OPA allows; while it does not answer, ") +
                    (egress.opa->fail_open ? "everything" : "nothing"));
  return steps;
}

std::string gateway_address(const mesh::Egress& egress) {
  return "service/" + mesh::object_name(egress.name) + "." + egress.ns + ":" +
         std::to_string(mesh::callers_port(egress).number);
}

namespace {

/// Where sidecars know the way, if not everywhere.
std::string scope(const mesh::Egress& egress) {
  std::vector<std::string> namespaces;
  const Json targets = mesh::callers_scope(egress);
  for (const Json& one : targets.items())
    namespaces.push_back(one.as_string() == "." ? egress.ns : one.as_string());
  return namespaces.front() == "*" ? "" : hop("only from " + join(namespaces, ", "));
}

/// From the gateway to each host.
std::string way_out(const mesh::Egress& egress) {
  const std::string port = ":" + std::to_string(egress.port);
  if (egress.hosts.size() == 1)
    return hop(upstream_tls(egress, egress.host())) + egress.target(egress.host()) + port + "\n";
  std::string text;
  for (const std::string& host : egress.hosts)
    text += (host == egress.hosts.back() ? "  └ " : "  ├ ") + host + port + ": " +
            upstream_tls(egress, host) + "\n";
  return text;
}

/// The ingress gateway is one more caller.
std::string from_outside(const mesh::Egress& egress) {
  if (!egress.ingress) return {};
  const mesh::Ingress& ingress = *egress.ingress;
  std::string text;
  for (const std::string& host : ingress.hosts) text += "client outside       https://" + host + "/\n";
  text += hop("TLS, ended by the ingress gateway with secret/" + ingress.credential);
  text += "ingress gateway in " + ingress.ns + "\n";
  text += hop(egress.mesh.mutual ? "the mesh's own TLS, by the ingress gateway" : mesh_tls(egress));
  return text + gateway_address(egress) + ", and on as above\n";
}

}  // namespace

std::string ready_pods(const mesh::Summary& summary) {
  return std::to_string(summary.ready_replicas) + " of " + std::to_string(summary.replicas) + " ready";
}

std::string mesh_tls(const mesh::Egress& egress) {
  const std::string inside = egress.protocol == mesh::Protocol::https ? ", around the caller's own" : "";
  if (egress.mesh.mutual) return "the mesh's own TLS, by the caller's sidecar" + inside;
  if (egress.protocol == mesh::Protocol::https)
    return "the caller's own TLS, passed on; nobody knows who calls";
  if (egress.protocol == mesh::Protocol::tcp) return "the caller's bytes as they are; nobody knows who calls";
  return "nothing encrypts this hop, and nobody knows who calls";
}

std::string upstream_tls(const mesh::Egress& egress, const std::string& host) {
  const mesh::UpstreamTls& tls = egress.tls;
  if (tls.mode == mesh::TlsMode::passthrough) return "the caller's own TLS, which ends at the service";
  if (tls.mode == mesh::TlsMode::none)
    return egress.http() ? "nothing encrypts this hop" : "the caller's bytes as they are";
  const bool other_name = !tls.sni.empty() && tls.sni != egress.target(host);
  const std::string sni = other_name ? ", asking for " + tls.sni : "";
  if (!tls.verify) return "TLS by the gateway" + sni + ", NOT verified: whoever answers is believed";
  const std::string names = tls.subject_alt_names.empty()
                                ? egress.target(host)
                                : printable(join(tls.subject_alt_names, " or "), 300);
  const std::string client =
      tls.mode == mesh::TlsMode::mutual ? ", with the certificate of secret/" + tls.credential : "";
  const std::string roots = tls.mode == mesh::TlsMode::mutual ? "that Secret's CA"
                            : tls.ca_credential.empty()       ? "the public roots"
                                                              : "secret/" + tls.ca_credential;
  return "TLS by the gateway" + client + sni + ", verified as " + names + " against " + roots;
}

std::string traffic_path(const mesh::Summary& summary) {
  const mesh::Egress& egress = summary.record.egress;
  std::string text;
  for (const std::string& asked : caller_requests(egress)) text += "caller in the mesh   " + asked + "\n";
  text += scope(egress) + hop(mesh_tls(egress));
  for (const std::string& step : admission(egress)) text += hop(step);
  text += gateway_address(egress) + "   pods: " + ready_pods(summary) + "\n";
  return text + way_out(egress) + from_outside(egress);
}

}  // namespace egress::cli
