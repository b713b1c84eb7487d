#include "egress/mesh/audit/commands.hpp"
#include "egress/mesh/audit/rules.hpp"

namespace egress::mesh {
namespace {

constexpr const char* tls_mode_label = "security.istio.io/tlsMode";

}  // namespace

/// The label makes sidecars use TLS if no DestinationRule sets the mode
/// (pilot/pkg/serviceregistry/kube, 1.7.0: PodTLSMode). Callers of a gateway have a DestinationRule that
/// does.
void find_tls_mode(const AuditedGateway& gateway, const AuditIndex&, std::vector<Finding>& findings) {
  if (!gateway.labels.has(tls_mode_label)) return;
  const bool breaks_callers = !gateway.egress.mesh.mutual;
  const bool is_requested = gateway.egress.workload.labels.has(tls_mode_label);
  const std::string effect =
      breaks_callers ? "callers send TLS to the gateway, which expects plaintext, and fail"
                     : "callers without the gateway's DestinationRule send TLS that the gateway rejects";
  Finding finding = gateway.finding(breaks_callers ? Severity::error : Severity::warning, "TlsModeLabel",
                                    gateway.workload(),
                                    std::string("the gateway's pods have the label ") + tls_mode_label +
                                        ", which is meant for sidecars: " + effect,
                                    is_requested ? gateway.settings_fix() : apply_command(gateway.egress));
  finding.is_about_live_state = !is_requested;
  findings.push_back(std::move(finding));
}

}  // namespace egress::mesh
