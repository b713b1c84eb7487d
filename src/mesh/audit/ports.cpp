#include "egress/mesh/audit/commands.hpp"
#include "egress/mesh/audit/entry_port.hpp"
#include "egress/mesh/audit/phrases.hpp"
#include "egress/mesh/audit/rules.hpp"

namespace egress::mesh {
namespace {

/// Addresses that Istio allots by itself serve only callers whose sidecar answers DNS
/// (ISTIO_META_DNS_CAPTURE; pilot/pkg/features, PILOT_ENABLE_IP_AUTOALLOCATE, 1.30.3).
bool has_addresses(const Exported& entry, const Mesh& mesh) {
  if (!entry.spec()["addresses"].items().empty()) return true;
  const Json& metadata = mesh.proxy_config["proxyMetadata"];
  const bool allotted = !entry.unpack()["status"]["addresses"].items().empty() ||
                        metadata["ISTIO_META_DNS_AUTO_ALLOCATE"].as_string() == "true";
  return allotted && metadata["ISTIO_META_DNS_CAPTURE"].as_string() == "true" &&
         entry.spec()["resolution"].as_string() != "NONE";
}

/// Without an address the listener is 0.0.0.0 and the port, and one of two protocols on it loses
/// (pilot/pkg/networking/core/v1alpha3/listener.go, 1.7.0: buildSidecarOutboundListenerForPortOrUDS).
bool takes_whole_port(const EntryPort& port) {
  if (port.number == 443) return !port.tls();
  return port.number == 80 && !port.http() && !port.tls();
}

Finding captured(const Exported& entry, const EntryPort& port, std::size_t index) {
  const bool tls_port = port.number == 443;
  const Json operation = object({
      {"op", "add"},
      {"path", "/spec/ports/" + std::to_string(index) + "/protocol"},
      {"value", tls_port ? "TLS" : "HTTP"},
  });
  return {
      Severity::warning,
      port.http() ? "HttpOn443" : "IST0134",
      entry.reference,
      {},
      named(entry.reference) + " has port " + port.text() + " without an address, visible in " +
          entry.scope.text() + ": sidecars there take every connection to that port for it, and " +
          (tls_port ? "HTTPS to other hosts breaks" : "requests for egress gateways never come to them"),
      json_patch_command(entry.reference, array({operation})),
  };
}

}  // namespace

/// One entry on 443 or 80 that is not what these ports are for breaks them for all who see it
/// (`istioctl analyze` knows the half of it: IST0134).
void find_captured_ports(std::span<const Subject>, const Neighbourhood& around, std::vector<Finding>& found) {
  for (const Exported& entry : around.entries) {
    if (!entry.scope.beyond_owner() || has_addresses(entry, around.mesh)) continue;
    const Json::Array ports = entry.spec()["ports"].items();
    for (std::size_t i = 0; i < ports.size(); ++i) {
      const EntryPort port = read_entry_port(ports[i]);
      if (takes_whole_port(port)) found.push_back(captured(entry, port, i));
    }
  }
}

}  // namespace egress::mesh
