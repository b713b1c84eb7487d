#include "egress/cli/findings.hpp"

#include <algorithm>

#include "egress/base/text.hpp"
#include "egress/render/table.hpp"

namespace egress::cli {
namespace {

using mesh::Finding;
using mesh::Severity;

std::size_t count(const std::vector<Finding>& findings, Severity severity) {
  return static_cast<std::size_t>(std::ranges::count(findings, severity, &Finding::severity));
}

std::string counted(std::size_t number, const std::string& noun) {
  return std::to_string(number) + " " + noun + (number == 1 ? "" : "s");
}

/// "virtualservice.networking.istio.io/old -n shop", to be pasted behind `kubectl get`; nothing for the
/// gateway itself, which the headline names.
std::string object_text(const Finding& finding) {
  const mesh::Reference& about = finding.object;
  const bool gateway_itself = about.ns + "/" + about.name == finding.gateway;
  if (gateway_itself) return {};
  const std::string what = about.name.empty() ? std::string(about.resource.kind.plural) : about.label();
  return about.ns.empty() ? what : what + " -n " + about.ns;
}

std::string headline(const std::string& gateway) {
  if (gateway.empty()) return "Mesh\n";
  const std::size_t slash = gateway.find('/');
  return "egressgateway/" + gateway.substr(slash + 1) + " -n " + gateway.substr(0, slash) + "\n";
}

render::Colour colour_of(Severity severity) {
  if (severity == Severity::error) return render::Colour::red;
  return severity == Severity::warning ? render::Colour::yellow : render::Colour::cyan;
}

std::string finding_text(const Finding& finding, render::Palette palette) {
  std::string line =
      render::painted(text(finding.severity), palette(colour_of(finding.severity))) + " " + finding.code;
  if (const std::string object = object_text(finding); !object.empty()) line += ": " + object;
  std::string below = printable(finding.message) + "\n";
  if (!finding.fix.empty()) below += "fix: " + printable(finding.fix) + "\n";
  return line + "\n" + render::indented(below, 2);
}

}  // namespace

std::string findings_text(const std::vector<Finding>& findings, render::Palette palette) {
  if (findings.empty()) return "No problems found.\n";
  std::string report;
  const std::string* group = nullptr;
  for (const Finding& one : findings) {
    if (group == nullptr || *group != one.gateway) report += (group ? "\n" : "") + headline(one.gateway);
    group = &one.gateway;
    report += render::indented(finding_text(one, palette), 2);
  }
  return report + "\n" + counted(count(findings, Severity::error), "error") + ", " +
         counted(count(findings, Severity::warning), "warning") + ", " +
         counted(count(findings, Severity::info), "note") + "\n";
}

Json findings_json(const std::vector<Finding>& findings) {
  Json items{Json::Array{}};
  for (const Finding& one : findings) items.push(to_json(one));
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
