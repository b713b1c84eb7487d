#include "egress/base/text.hpp"
#include "egress/kube/label_selector.hpp"
#include "egress/mesh/audit/commands.hpp"
#include "egress/mesh/audit/phrases.hpp"
#include "egress/mesh/audit/rules.hpp"
#include "egress/mesh/injection.hpp"

namespace egress::mesh {
namespace {

/// What `kubectl label` needs for one of the mesh's discoverySelectors to match; empty where one does, or
/// where istiod follows none: it knows none before 1.10, and with one that it cannot read it follows none
/// (pkg/kube/namespace/filter.go, 1.30.3: selectorsChanged).
std::string discovery_change(const Mesh& mesh, const Json& labels) {
  if (mesh.version < Version{1, 10, 0}) return {};
  std::string change;
  for (const Json& one : mesh.discovery_selectors.items()) {
    const auto selector = kube::LabelSelector::read(one);
    const auto changes = selector ? selector->changes_for(labels) : std::vector<std::string>();
    if (changes.empty()) return {};
    if (change.empty()) change = join(changes, " ");
  }
  return change;
}

}  // namespace

void find_own_namespace(const Subject& subject, const Neighbourhood& around, std::vector<Finding>& found) {
  const std::string& ns = subject.egress.ns;
  const Json* labels = around.labels_of(ns);
  if (labels == nullptr || !around.mesh.gateway_injection()) return;
  if (has_both_labels(*labels))
    found.push_back(subject.finding(Severity::error, "IST0123", namespace_reference(ns),
                                    "namespace " + quoted(ns) +
                                        " is labelled both istio-injection and istio.io/rev: the first "
                                        "counts, and the revision's injector passes it over",
                                    label_command(ns, "istio-injection-")));
  if ((*labels)["istio-injection"].as_string() == "disabled")
    found.push_back(subject.finding(
        Severity::error, "InjectionDisabled", namespace_reference(ns),
        "namespace " + quoted(ns) +
            " is labelled istio-injection=disabled: Istio makes no gateway of the next pod there",
        label_command(ns, "istio-injection-")));
}

/// Of the gateway's namespace, or of callers that are named, istiod must know.
void find_undiscovered(const Subject& subject, const Neighbourhood& around, std::vector<Finding>& found) {
  auto look_at = [&](const std::string& ns, Severity severity) {
    const Json* labels = around.labels_of(ns);
    const std::string change = labels == nullptr ? "" : discovery_change(around.mesh, *labels);
    if (change.empty()) return;
    found.push_back(subject.finding(severity, "NotDiscovered", namespace_reference(ns),
                                    "the mesh's discoverySelectors leave namespace " + quoted(ns) +
                                        " out: for Istio there is nothing in it",
                                    label_command(ns, change)));
  };
  look_at(subject.egress.ns, Severity::error);
  for (const std::string& ns : subject.callers())
    if (ns != subject.egress.ns) look_at(ns, Severity::warning);
}

}  // namespace egress::mesh
