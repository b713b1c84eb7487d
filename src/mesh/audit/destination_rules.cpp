#include <algorithm>

#include "egress/mesh/audit/commands.hpp"
#include "egress/mesh/audit/phrases.hpp"
#include "egress/mesh/audit/rules.hpp"
#include "egress/mesh/callers_port.hpp"

namespace egress::mesh {
namespace {

/// The TLS settings of a rule for that port: settings of the port replace all others
/// (pilot/pkg/networking/core/v1alpha3/cluster.go, 1.7.0: SelectTrafficPolicyComponents).
Json tls_settings(const DestinationRule& rule, int port) {
  const Json policy = rule.spec()["trafficPolicy"];
  for (const Json& port_settings : policy["portLevelSettings"].items())
    if (port_settings["port"]["number"].as_integer() == port) return port_settings["tls"];
  return policy["tls"];
}

/// True if callers with that rule still reach the gateway.
bool reaches_gateway(const AuditedGateway& gateway, const DestinationRule& rule) {
  const Json tls = tls_settings(rule, callers_port(gateway.egress).number);
  const std::string& mode = tls["mode"].as_string();
  if (!gateway.egress.mesh.mutual) return mode.empty() || mode == "DISABLE";
  auto is_served = [&](const std::string& host) {
    return tls["sni"].as_string() == gateway.egress.upstream_host(host);
  };
  return mode == "ISTIO_MUTUAL" && std::ranges::any_of(gateway.egress.hosts, is_served);
}

/// True if Istio merges that rule, which has the same namespace and host, with the gateway's own: from 1.14
/// on only if both select the same pods (pilot/pkg/model/destination_rule.go, 1.30.3).
bool is_merged(const AuditedGateway& gateway, const DestinationRule& rule, const Mesh& mesh) {
  const Json pods = rule.spec()["workloadSelector"]["matchLabels"];
  if (rule.host == gateway.service) return pods.members().empty();
  const bool merges_only_same_pods = mesh.version >= Version{1, 14, 0};
  return merges_only_same_pods ? !pods.members().empty() && selects(pods, gateway.labels) : true;
}

/// The gateway's own rule for that host; null if it does not exist yet.
const DestinationRule* own_rule(const AuditedGateway& gateway, const std::string& host,
                                const AuditIndex& index) {
  for (const DestinationRule* rule : index.rules_by_host.exact_matches(host))
    if (gateway.owns(*rule)) return rule;
  return nullptr;
}

}  // namespace

/// A caller's sidecar uses the first rule that it finds: in its own namespace, then in the Service's, then in
/// the root namespace, without merging them. A rule in the root namespace does not take precedence, not even
/// for callers there (pilot/pkg/model/push_context.go, 1.7.0: DestinationRule).
void find_shadowing_rules(const AuditedGateway& gateway, const AuditIndex& index,
                          std::vector<Finding>& findings) {
  for (const DestinationRule* rule : index.rules_by_host.matches(gateway.service)) {
    const std::string& ns = rule->reference.ns;
    const bool is_in_caller_namespace = ns != gateway.egress.ns && ns != index.mesh.root_namespace;
    if (!is_in_caller_namespace || gateway.owns(*rule) || !gateway.allows_namespace(ns) ||
        !gateway.scope.is_visible_in(ns))
      continue;
    if (reaches_gateway(gateway, *rule)) continue;
    const auto callers = gateway.callers();
    const bool is_allowed_by_name = std::ranges::find(callers, ns) != callers.end();
    const std::string effect = gateway.egress.mesh.mutual
                                   ? " do not send mutual TLS to this gateway, which rejects them"
                                   : " send TLS to this gateway, which expects plaintext";
    findings.push_back(gateway.finding(
        is_allowed_by_name ? Severity::error : Severity::warning, "ShadowedRule", rule->reference,
        full_name(rule->reference) + " for " + quoted(rule->host) +
            " takes precedence over the gateway's DestinationRule: callers in namespace " + quoted(ns) +
            effect,
        edit_command(rule->reference)));
  }
}

void find_merged_rules(const AuditedGateway& gateway, const AuditIndex& index,
                       std::vector<Finding>& findings) {
  std::vector<std::string> hosts{gateway.service};
  for (const std::string& host : gateway.egress.hosts) hosts.push_back(gateway.egress.upstream_host(host));
  for (const std::string& host : hosts) {
    const DestinationRule* own = own_rule(gateway, host, index);
    for (const DestinationRule* rule : index.rules_by_host.exact_matches(host)) {
      if (gateway.owns(*rule) || rule->reference.ns != gateway.egress.ns) continue;
      if (!is_merged(gateway, *rule, index.mesh)) continue;
      const bool is_applied = own == nullptr || rule->precedes(*own);
      const std::string effect = is_applied
                                     ? "the other one is older, so its settings apply"
                                     : "the gateway's is older, so the settings of the other one are lost";
      findings.push_back(
          gateway.finding(is_applied ? Severity::error : Severity::warning, "MergedRule", rule->reference,
                          full_name(rule->reference) + " has the host " + quoted(host) +
                              " of the gateway's own DestinationRule, and Istio merges the two: " + effect,
                          edit_command(rule->reference)));
    }
  }
}

}  // namespace egress::mesh
