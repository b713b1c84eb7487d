#include "egress/mesh/finding.hpp"

namespace egress::mesh {
namespace {

constexpr kube::Kind egress_gateway{"EgressGateway", "kubectl-egress", "egressgateways", {"v1alpha1"}};

Json unless_empty(const std::string& text) {
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
  const Reference& about = finding.object;
  return object({
      {"severity", text(finding.severity)},
      {"code", finding.code},
      {"gateway", unless_empty(finding.gateway)},
      {"object", object({
                     {"apiVersion", about.resource.api_version()},
                     {"kind", about.resource.kind.name},
                     {"namespace", unless_empty(about.ns)},
                     {"name", unless_empty(about.name)},
                 })},
      {"message", finding.message},
      {"fix", unless_empty(finding.fix)},
  });
}

}  // namespace egress::mesh
