#include "egress/mesh/audit/commands.hpp"
#include "egress/mesh/audit/rules.hpp"

namespace egress::mesh {
namespace {

constexpr const char* tls_mode_label = "security.istio.io/tlsMode";

}  // namespace

/// The label tells sidecars to come in TLS where no DestinationRule says how (pilot/pkg/serviceregistry/kube,
/// 1.7.0: PodTLSMode). Callers of a gateway have one that does.
void find_tls_mode(const Subject& subject, const Neighbourhood&, std::vector<Finding>& found) {
  if (!subject.labels.has(tls_mode_label)) return;
  const bool harmful = !subject.egress.mesh.mutual;
  const bool asked_for = subject.egress.workload.labels.has(tls_mode_label);
  const std::string effect = harmful
                                 ? "callers send TLS where the gateway expects plaintext, and fail"
                                 : "callers without the gateway's DestinationRule send TLS that it refuses";
  Finding finding =
      subject.finding(harmful ? Severity::error : Severity::warning, "TlsModeLabel", subject.workload(),
                      std::string("the gateway's pods have the label ") + tls_mode_label +
                          ", which is for sidecars: " + effect,
                      asked_for ? subject.change() : apply_command(subject.egress));
  finding.at_present = !asked_for;
  found.push_back(std::move(finding));
}

}  // namespace egress::mesh
