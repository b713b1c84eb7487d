#include "egress/mesh/finding.hpp"

namespace egress::mesh {
namespace {

constexpr kube::Kind egress_gateway{"EgressGateway", "kubectl-egress", "egressgateways", {"v1alpha1"}};

Json omit_empty(const std::string& text) {
  return text.empty() ? Json() : Json(text);
}

}  // namespace

std::string text(Severity severity) {
  switch (severity) {
    case Severity::info:
      return "Info";
    case Severity::warning:
      return "Warning";
    case Severity::error:
      return "Error";
  }
  return {};
}

Reference gateway_reference(const Egress& egress) {
  return {{egress_gateway, "v1alpha1"}, egress.ns, egress.name};
}

Json to_json(const Finding& finding) {
  const Reference& reference = finding.object;
  return object({
      {"severity", text(finding.severity)},
      {"code", finding.code},
      {"gateway", omit_empty(finding.gateway)},
      {"object", object({
                     {"apiVersion", reference.resource.api_version()},
                     {"kind", reference.resource.kind.name},
                     {"namespace", omit_empty(reference.ns)},
                     {"name", omit_empty(reference.name)},
                 })},
      {"message", finding.message},
      {"fix", omit_empty(finding.fix)},
  });
}

}  // namespace egress::mesh
