#include "egress/cli/findings.hpp"

#include <algorithm>

#include "egress/base/text.hpp"
#include "egress/mesh/full_name.hpp"
#include "egress/render/table.hpp"

namespace egress::cli {
namespace {

using mesh::Finding;
using mesh::Severity;

std::size_t count(const std::vector<Finding>& findings, Severity severity) {
  return static_cast<std::size_t>(std::ranges::count(findings, severity, &Finding::severity));
}

std::string count_text(std::size_t number, const std::string& noun) {
  return std::to_string(number) + " " + noun + (number == 1 ? "" : "s");
}

/// "virtualservice.networking.istio.io/old -n shop", to paste after `kubectl get`; empty for the gateway
/// itself, which the heading names.
std::string object_text(const Finding& finding) {
  const mesh::Reference& object = finding.object;
  const bool gateway_itself = object.ns + "/" + object.name == finding.gateway;
  if (gateway_itself) return {};
  if (!object.name.empty()) return mesh::full_name(object);
  const std::string kind(object.resource.kind.plural);
  return object.ns.empty() ? kind : kind + " -n " + object.ns;
}

std::string heading(const Finding& finding) {
  return (finding.gateway.empty() ? "Mesh" : gateway_name(finding)) + "\n";
}

render::Colour colour_of(Severity severity) {
  if (severity == Severity::error) return render::Colour::red;
  return severity == Severity::warning ? render::Colour::yellow : render::Colour::cyan;
}

std::string finding_text(const Finding& finding, render::Palette palette) {
  std::string line =
      render::colourize(text(finding.severity), palette(colour_of(finding.severity))) + " " + finding.code;
  if (const std::string object = object_text(finding); !object.empty()) line += ": " + object;
  std::string details = printable(finding.message) + "\n";
  if (!finding.fix.empty()) details += "fix: " + printable(finding.fix) + "\n";
  return line + "\n" + render::indent(details, 2);
}

}  // namespace

std::string gateway_name(const Finding& finding) {
  const std::size_t slash = finding.gateway.find('/');
  return mesh::full_name(
      mesh::GatewayName{finding.gateway.substr(0, slash), finding.gateway.substr(slash + 1)});
}

std::string findings_text(const std::vector<Finding>& findings, render::Palette palette) {
  if (findings.empty()) return "No problems found.\n";
  std::string report;
  const std::string* group = nullptr;
  for (const Finding& finding : findings) {
    if (group == nullptr || *group != finding.gateway) report += (group ? "\n" : "") + heading(finding);
    group = &finding.gateway;
    report += render::indent(finding_text(finding, palette), 2);
  }
  return report + "\n" + count_text(count(findings, Severity::error), "error") + ", " +
         count_text(count(findings, Severity::warning), "warning") + ", " +
         count_text(count(findings, Severity::info), "note") + "\n";
}

Json findings_json(const std::vector<Finding>& findings) {
  Json items{Json::Array{}};
  for (const Finding& finding : findings) items.push(to_json(finding));
  return object({
      {"apiVersion", "kubectl-egress/v1alpha1"},
      {"kind", "CheckResult"},
      {"items", std::move(items)},
      {"summary", object({
                      {"errors", count(findings, Severity::error)},
                      {"warnings", count(findings, Severity::warning)},
                      {"notes", count(findings, Severity::info)},
                  })},
  });
}

}  // namespace egress::cli
