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

/// The label that makes Istio inject sidecars into a namespace.
std::string injection_label(const Mesh& mesh) {
  return mesh.has_revision() ? "istio.io/rev=" + mesh.revision : "istio-injection=enabled";
}

/// Reports a namespace in spec.mesh.allow without sidecar injection.
void find_missing_injection(const AuditedGateway& gateway, const AuditIndex& index, const std::string& ns,
                            const Json& labels, std::vector<Finding>& findings) {
  const std::string& injection = labels["istio-injection"].as_string();
  const std::string removed_label =
      !injection.empty() && index.mesh.has_revision() ? "istio-injection- " : "";
  const bool has_injection = injection == "enabled" || (injection.empty() && labels.has("istio.io/rev"));
  if (is_ambient(labels)) {
    findings.push_back(
        gateway.finding(Severity::warning, "AmbientCallers", namespace_reference(ns),
                        "namespace " + quoted(ns) +
                            " may use the gateway, but its pods are in ambient mode: they have no sidecar "
                            "that routes to the gateway",
                        label_command(ns, "istio.io/dataplane-mode- " + injection_label(index.mesh))));
  } else if (!has_injection) {
    findings.push_back(gateway.finding(Severity::warning, "IST0102", namespace_reference(ns),
                                       "namespace " + quoted(ns) +
                                           " may use the gateway, but has no sidecar injection: only pods "
                                           "that request a sidecar themselves can "
                                           "use it",
                                       label_command(ns, removed_label + injection_label(index.mesh))));
  }
}

/// Kubernetes sets the label kubernetes.io/metadata.name from 1.21 on.
void find_missing_name_label(const AuditedGateway& gateway, const std::string& ns, const Json& labels,
                             std::vector<Finding>& findings) {
  if (!gateway.egress.network_policy || labels[name_label].as_string() == ns) return;
  findings.push_back(gateway.finding(
      Severity::error, "NamespaceUnnamed", namespace_reference(ns),
      "namespace " + quoted(ns) + " lacks the label " + name_label +
          ", which the gateway's NetworkPolicy selects: its pods cannot connect to the gateway",
      label_command(ns, std::string(name_label) + "=" + ns)));
}

void find_missing_service_accounts(const AuditedGateway& gateway, const AuditIndex& index,
                                   std::vector<Finding>& findings) {
  for (const Caller& caller : gateway.egress.mesh.allow) {
    const Reference account{{kube::kinds::service_account}, caller.ns, caller.service_account};
    if (caller.service_account.empty() || !index.snapshot.is_missing(account)) continue;
    findings.push_back(
        gateway.finding(Severity::warning, "IST0101", account,
                        full_name(account) + " may use the gateway, but does not exist",
                        "kubectl create serviceaccount " + caller.service_account + in_namespace(caller.ns)));
  }
}

void find_caller(const AuditedGateway& gateway, const AuditIndex& index, const std::string& ns,
                 std::vector<Finding>& findings) {
  const Json* labels = index.find_namespace_labels(ns);
  if (labels == nullptr) {
    if (!index.snapshot.has_listed(kube::kinds::namespaces)) return;
    findings.push_back(gateway.finding(Severity::warning, "IST0101", namespace_reference(ns),
                                       "namespace " + quoted(ns) + " may use the gateway, but does not exist",
                                       "kubectl create namespace " + ns));
    return;
  }
  find_missing_injection(gateway, index, ns, *labels, findings);
  find_missing_name_label(gateway, ns, *labels, findings);
}

}  // namespace

void find_callers(const AuditedGateway& gateway, const AuditIndex& index, std::vector<Finding>& findings) {
  for (const std::string& ns : gateway.callers()) find_caller(gateway, index, ns, findings);
  const auto& ingress = gateway.egress.ingress;
  // With spec.mesh.allow the NetworkPolicy selects the ingress gateway's namespace by its name.
  if (ingress && !gateway.egress.mesh.allow.empty())
    if (const Json* labels = index.find_namespace_labels(ingress->ns))
      find_missing_name_label(gateway, ingress->ns, *labels, findings);
  find_missing_service_accounts(gateway, index, findings);
}

/// Without spec.mesh.allow any namespace may have callers, so one finding covers all of them.
void find_ambient_callers(std::span<const AuditedGateway> gateways, const AuditIndex& index,
                          std::vector<Finding>& findings) {
  const bool any_unrestricted = std::ranges::any_of(
      gateways, [](const AuditedGateway& gateway) { return gateway.egress.mesh.allow.empty(); });
  std::set<std::string> ambient;
  for (const auto& [ns, labels] : index.namespace_labels)
    if (is_ambient(labels)) ambient.insert(ns);
  if (!any_unrestricted || ambient.empty()) return;
  const std::string& first = *ambient.begin();
  findings.push_back({Severity::warning,
                      "AmbientCallers",
                      namespace_reference(first),
                      {},
                      "pods in " + namespaces_text(ambient) +
                          " are in ambient mode: they have no sidecar that routes to an egress gateway, and "
                          "outboundTrafficPolicy does not apply to them",
                      label_command(first, "istio.io/dataplane-mode- " + injection_label(index.mesh))});
}

}  // namespace egress::mesh
