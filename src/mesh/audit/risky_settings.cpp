#include <algorithm>

#include "egress/mesh/audit/phrases.hpp"
#include "egress/mesh/audit/rules.hpp"

namespace egress::mesh {
namespace {

Finding settings_finding(const AuditedGateway& gateway, Severity severity, const char* code,
                         const std::string& message) {
  return gateway.finding(severity, code, gateway_reference(gateway.egress), message, gateway.settings_fix());
}

bool limits_egress(const Json& policy) {
  const Json& spec = policy["spec"];
  const auto& types = spec["policyTypes"].items();
  return types.empty() ? spec.has("egress") : std::ranges::find(types, Json("Egress")) != types.end();
}

}  // namespace

/// Reports settings of the gateway that weaken its protection.
void find_risky_settings(const AuditedGateway& gateway, const AuditIndex&, std::vector<Finding>& findings) {
  const Egress& egress = gateway.egress;
  auto add = [&](Severity severity, const char* code, const std::string& message) {
    findings.push_back(settings_finding(gateway, severity, code, message));
  };
  if (!egress.mesh.mutual)
    add(Severity::warning, "PlaintextHop",
        "callers reach the gateway in plaintext (spec.mesh.tls): it cannot identify them, and everyone who "
        "reaches its Service can use it");
  else if (egress.mesh.allow.empty() && !egress.network_policy)
    add(Severity::warning, "OpenToAll",
        "any workload in the mesh can use this gateway; restrict it with spec.mesh.allow");
  if (!egress.tls.verify)
    add(Severity::warning, "Unverified",
        "the gateway does not verify the external service's certificate (spec.tls.verify): anyone between "
        "them "
        "can impersonate the service");
  if (egress.has_wildcard_host())
    add(Severity::info, "CallerChosenName",
        "the host " + quoted(egress.host()) + " is a wildcard: callers choose the name under it");
  if (egress.opa && egress.opa->fail_open)
    add(Severity::warning, "FailOpen",
        "requests pass while Open Policy Agent does not answer (spec.authorization.opa.failOpen)");
}

/// Only a NetworkPolicy stops pods that have no sidecar or bypass it.
void find_missing_network_policies(std::span<const AuditedGateway> gateways, const AuditIndex& index,
                                   std::vector<Finding>& findings) {
  if (gateways.empty() || !index.snapshot.has_listed(kube::kinds::network_policy)) return;
  std::set<std::string> protected_namespaces;
  for (const Json& policy : parse_all(index.snapshot.network_policies))
    if (limits_egress(policy)) protected_namespaces.insert(policy["metadata"]["namespace"].as_string());
  std::set<std::string> unprotected_namespaces;
  bool any_unrestricted = false;
  for (const AuditedGateway& gateway : gateways) {
    any_unrestricted = any_unrestricted || gateway.egress.mesh.allow.empty();
    for (const std::string& ns : gateway.callers())
      if (!protected_namespaces.contains(ns)) unprotected_namespaces.insert(ns);
  }
  const bool none_protected = any_unrestricted && protected_namespaces.empty();
  if (unprotected_namespaces.empty() && !none_protected) return;
  const std::string verb = unprotected_namespaces.size() == 1 ? " has" : " have";
  const std::string where = none_protected
                                ? "no namespace has a NetworkPolicy"
                                : namespaces_text(unprotected_namespaces) + verb + " no NetworkPolicy";
  const std::string ns =
      none_protected || unprotected_namespaces.empty() ? "" : *unprotected_namespaces.begin();
  findings.push_back(
      {Severity::info,
       "NoEgressPolicy",
       {{kube::kinds::network_policy}, ns, ""},
       {},
       where + " for egress: pods without a sidecar can reach any host that the network allows",
       {}});
}

}  // namespace egress::mesh
