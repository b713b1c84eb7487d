#include "egress/mesh/callers_port.hpp"

#include <algorithm>

namespace egress::mesh {

CallersPort callers_port(const Egress& egress) {
  switch (egress.protocol) {
    // The hop uses HTTP/2, which gRPC needs. Port 80 makes sidecars listen for the host.
    case Protocol::http:
    case Protocol::grpc:
      return {"http2", 80, 8080};
    case Protocol::https:
      return {"tls", 443, 8443};
    case Protocol::tcp:
      return {"tcp", 9443, 9443};
  }
  return {};
}

Json callers_export_to(const Egress& egress) {
  std::vector<std::string> export_to = egress.mesh.export_to;
  if (export_to.front() == "*") return array(export_to);
  auto add = [&](const std::string& ns) {
    if (std::ranges::find(export_to, ns) == export_to.end()) export_to.push_back(ns);
  };
  std::erase(export_to, egress.ns);
  add(".");
  if (egress.ingress && egress.ingress->ns != egress.ns) add(egress.ingress->ns);
  return array(export_to);
}

std::vector<std::string> caller_hosts(const Egress& egress, const std::string& host) {
  std::vector<std::string> names{host};
  if (host != egress.host()) return names;
  auto add = [&](const std::vector<std::string>& hosts) {
    for (const std::string& name : hosts)
      if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  };
  add(egress.aliases);
  if (egress.ingress) add(egress.ingress->hosts);
  return names;
}

}  // namespace egress::mesh
