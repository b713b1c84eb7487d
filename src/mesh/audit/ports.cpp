#include "egress/mesh/audit/commands.hpp"
#include "egress/mesh/audit/entry_port.hpp"
#include "egress/mesh/audit/phrases.hpp"
#include "egress/mesh/audit/rules.hpp"

namespace egress::mesh {
namespace {

/// Addresses that Istio allocates only work for callers whose sidecar answers DNS
/// (ISTIO_META_DNS_CAPTURE; pilot/pkg/features, PILOT_ENABLE_IP_AUTOALLOCATE, 1.30.3).
bool has_addresses(const ExportedObject& entry, const Mesh& mesh) {
  if (!entry.spec()["addresses"].items().empty()) return true;
  const Json& metadata = mesh.proxy_config["proxyMetadata"];
  const bool is_allocated = !entry.parse()["status"]["addresses"].items().empty() ||
                            metadata["ISTIO_META_DNS_AUTO_ALLOCATE"].as_string() == "true";
  return is_allocated && metadata["ISTIO_META_DNS_CAPTURE"].as_string() == "true" &&
         entry.spec()["resolution"].as_string() != "NONE";
}

/// Without an address the listener is 0.0.0.0 with the port, and only one protocol on it wins
/// (pilot/pkg/networking/core/v1alpha3/listener.go, 1.7.0: buildSidecarOutboundListenerForPortOrUDS).
bool is_ambiguous(const EntryPort& port) {
  if (port.number == 443) return !port.is_tls();
  return port.number == 80 && !port.is_http() && !port.is_tls();
}

Finding ambiguous_port(const ExportedObject& entry, const EntryPort& port, std::size_t index) {
  const bool is_tls_port = port.number == 443;
  const Json operation = object({
      {"op", "add"},
      {"path", "/spec/ports/" + std::to_string(index) + "/protocol"},
      {"value", is_tls_port ? "TLS" : "HTTP"},
  });
  return {
      Severity::warning,
      port.is_http() ? "HttpOn443" : "IST0134",
      entry.reference,
      {},
      full_name(entry.reference) + " has port " + port.text() + " without an address, visible in " +
          entry.scope.text() + ": sidecars there match every connection to that port with it, and " +
          (is_tls_port ? "HTTPS to other hosts fails" : "requests do not reach egress gateways"),
      json_patch_command(entry.reference, array({operation})),
  };
}

}  // namespace

/// Reports entries that use port 443 or 80 for another protocol, which breaks the port for everyone who sees
/// them
/// (`istioctl analyze` reports a part of these cases as IST0134).
void find_ambiguous_ports(std::span<const AuditedGateway>, const AuditIndex& index,
                          std::vector<Finding>& findings) {
  for (const ExportedObject& entry : index.entries) {
    if (!entry.scope.is_visible_outside_owner() || has_addresses(entry, index.mesh)) continue;
    const Json::Array ports = entry.spec()["ports"].items();
    for (std::size_t i = 0; i < ports.size(); ++i) {
      const EntryPort port = read_entry_port(ports[i]);
      if (is_ambiguous(port)) findings.push_back(ambiguous_port(entry, port, i));
    }
  }
}

}  // namespace egress::mesh
