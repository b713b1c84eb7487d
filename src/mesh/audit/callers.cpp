#include <algorithm>

#include "egress/mesh/audit/commands.hpp"
#include "egress/mesh/audit/phrases.hpp"
#include "egress/mesh/audit/rules.hpp"

namespace egress::mesh {
namespace {

constexpr const char* name_label = "kubernetes.io/metadata.name";

bool is_ambient(const Json& labels) {
  return labels["istio.io/dataplane-mode"].as_string() == "ambient";
}

/// What gives the pods of a namespace a sidecar.
std::string injection_change(const Mesh& mesh) {
  return mesh.has_revision() ? "istio.io/rev=" + mesh.revision : "istio-injection=enabled";
}

/// A namespace that is named but has no sidecars for its pods.
void find_uninjected(const Subject& subject, const Neighbourhood& around, const std::string& ns,
                     const Json& labels, std::vector<Finding>& found) {
  const std::string& word = labels["istio-injection"].as_string();
  const std::string in_the_way = !word.empty() && around.mesh.has_revision() ? "istio-injection- " : "";
  const bool injected = word == "enabled" || (word.empty() && labels.has("istio.io/rev"));
  if (is_ambient(labels)) {
    found.push_back(subject.finding(
        Severity::warning, "AmbientCallers", namespace_reference(ns),
        "namespace " + quoted(ns) +
            " may use the gateway, but its pods are ambient: without a sidecar they take no route to it",
        label_command(ns, "istio.io/dataplane-mode- " + injection_change(around.mesh))));
  } else if (!injected) {
    found.push_back(subject.finding(
        Severity::warning, "IST0102", namespace_reference(ns),
        "namespace " + quoted(ns) +
            " may use the gateway, but Istio injects no sidecar there: only pods that ask for one "
            "themselves can come",
        label_command(ns, in_the_way + injection_change(around.mesh))));
  }
}

/// Kubernetes sets the label by itself since 1.21.
void find_unnamed(const Subject& subject, const std::string& ns, const Json& labels,
                  std::vector<Finding>& found) {
  if (!subject.egress.network_policy || labels[name_label].as_string() == ns) return;
  found.push_back(
      subject.finding(Severity::error, "NamespaceUnnamed", namespace_reference(ns),
                      "namespace " + quoted(ns) + " has no label " + name_label +
                          ", by which the gateway's NetworkPolicy knows it: its pods are kept out",
                      label_command(ns, std::string(name_label) + "=" + ns)));
}

void find_accounts(const Subject& subject, const Neighbourhood& around, std::vector<Finding>& found) {
  for (const Caller& caller : subject.egress.mesh.allow) {
    const Reference account{{kube::kinds::service_account}, caller.ns, caller.service_account};
    if (caller.service_account.empty() || !around.all.is_missing(account)) continue;
    found.push_back(subject.finding(
        Severity::warning, "IST0101", account,
        named(account) + " may use the gateway, but there is none: no pod can come with its certificate",
        "kubectl create serviceaccount " + caller.service_account + in_namespace(caller.ns)));
  }
}

void find_caller(const Subject& subject, const Neighbourhood& around, const std::string& ns,
                 std::vector<Finding>& found) {
  const Json* labels = around.labels_of(ns);
  if (labels == nullptr) {
    if (!around.all.sees(kube::kinds::namespaces)) return;
    found.push_back(subject.finding(Severity::warning, "IST0101", namespace_reference(ns),
                                    "namespace " + quoted(ns) + " may use the gateway, but does not exist",
                                    "kubectl create namespace " + ns));
    return;
  }
  find_uninjected(subject, around, ns, *labels, found);
  find_unnamed(subject, ns, *labels, found);
}

}  // namespace

void find_callers(const Subject& subject, const Neighbourhood& around, std::vector<Finding>& found) {
  for (const std::string& ns : subject.callers()) find_caller(subject, around, ns, found);
  const auto& ingress = subject.egress.ingress;
  // The policy admits the ingress gateway by its namespace's name, too, where it admits not everyone.
  if (ingress && !subject.egress.mesh.allow.empty())
    if (const Json* labels = around.labels_of(ingress->ns))
      find_unnamed(subject, ingress->ns, *labels, found);
  find_accounts(subject, around, found);
}

/// Where callers are not named, any namespace may hold some: said once.
void find_ambient_callers(std::span<const Subject> subjects, const Neighbourhood& around,
                          std::vector<Finding>& found) {
  const bool any_open =
      std::ranges::any_of(subjects, [](const Subject& one) { return one.egress.mesh.allow.empty(); });
  std::set<std::string> ambient;
  for (const auto& [ns, labels] : around.namespace_labels)
    if (is_ambient(labels)) ambient.insert(ns);
  if (!any_open || ambient.empty()) return;
  const std::string& first = *ambient.begin();
  found.push_back({Severity::warning,
                   "AmbientCallers",
                   namespace_reference(first),
                   {},
                   "pods in " + namespaces_text(ambient) +
                       " are ambient: without a sidecar they take no route to an egress gateway, and "
                       "outboundTrafficPolicy does not hold them",
                   label_command(first, "istio.io/dataplane-mode- " + injection_change(around.mesh))});
}

}  // namespace egress::mesh
