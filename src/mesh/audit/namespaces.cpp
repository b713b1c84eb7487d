#include "egress/base/text.hpp"
#include "egress/kube/label_selector.hpp"
#include "egress/mesh/audit/commands.hpp"
#include "egress/mesh/audit/phrases.hpp"
#include "egress/mesh/audit/rules.hpp"
#include "egress/mesh/injection.hpp"

namespace egress::mesh {
namespace {

/// The arguments of `kubectl label` that make one of the mesh's discoverySelectors match; empty if one
/// matches or istiod uses none: it does not know them before 1.10, and ignores all of them if it cannot read
/// one (pkg/kube/namespace/filter.go, 1.30.3: selectorsChanged).
std::string discovery_label_changes(const Mesh& mesh, const Json& labels) {
  if (mesh.version < Version{1, 10, 0}) return {};
  std::string change;
  for (const Json& item : mesh.discovery_selectors.items()) {
    const auto selector = kube::LabelSelector::read(item);
    const auto changes = selector ? selector->label_changes(labels) : std::vector<std::string>();
    if (changes.empty()) return {};
    if (change.empty()) change = join(changes, " ");
  }
  return change;
}

}  // namespace

void find_own_namespace(const AuditedGateway& gateway, const AuditIndex& index,
                        std::vector<Finding>& findings) {
  const std::string& ns = gateway.egress.ns;
  const Json* labels = index.find_namespace_labels(ns);
  if (labels == nullptr || !index.mesh.gateway_injection()) return;
  if (has_both_labels(*labels))
    findings.push_back(gateway.finding(Severity::error, "IST0123", namespace_reference(ns),
                                       "namespace " + quoted(ns) +
                                           " has both labels istio-injection and istio.io/rev: the first one "
                                           "wins, and the revision's injector ignores the namespace",
                                       label_command(ns, "istio-injection-")));
  if ((*labels)["istio-injection"].as_string() == "disabled")
    findings.push_back(gateway.finding(
        Severity::error, "InjectionDisabled", namespace_reference(ns),
        "namespace " + quoted(ns) +
            " has the label istio-injection=disabled: Istio injects no proxy into new pods of the gateway",
        label_command(ns, "istio-injection-")));
}

/// istiod must discover the gateway's namespace and those in spec.mesh.allow.
void find_undiscovered(const AuditedGateway& gateway, const AuditIndex& index,
                       std::vector<Finding>& findings) {
  auto check_namespace = [&](const std::string& ns, Severity severity) {
    const Json* labels = index.find_namespace_labels(ns);
    const std::string change = labels == nullptr ? "" : discovery_label_changes(index.mesh, *labels);
    if (change.empty()) return;
    findings.push_back(gateway.finding(
        severity, "NotDiscovered", namespace_reference(ns),
        "the mesh's discoverySelectors exclude namespace " + quoted(ns) + ": Istio ignores everything in it",
        label_command(ns, change)));
  };
  check_namespace(gateway.egress.ns, Severity::error);
  for (const std::string& ns : gateway.callers())
    if (ns != gateway.egress.ns) check_namespace(ns, Severity::warning);
}

}  // namespace egress::mesh
