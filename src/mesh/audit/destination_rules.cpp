#include <algorithm>

#include "egress/mesh/audit/commands.hpp"
#include "egress/mesh/audit/phrases.hpp"
#include "egress/mesh/audit/rules.hpp"
#include "egress/mesh/callers_port.hpp"

namespace egress::mesh {
namespace {

/// What a rule says of TLS on that port: the port's own settings replace all others
/// (pilot/pkg/networking/core/v1alpha3/cluster.go, 1.7.0: SelectTrafficPolicyComponents).
Json tls_of(const TrafficRule& rule, int port) {
  const Json policy = rule.spec()["trafficPolicy"];
  for (const Json& level : policy["portLevelSettings"].items())
    if (level["port"]["number"].as_integer() == port) return level["tls"];
  return policy["tls"];
}

/// True where callers who follow that rule reach the gateway all the same.
bool keeps_hop(const Subject& subject, const TrafficRule& rule) {
  const Json tls = tls_of(rule, callers_port(subject.egress).number);
  const std::string& mode = tls["mode"].as_string();
  if (!subject.egress.mesh.mutual) return mode.empty() || mode == "DISABLE";
  auto is_served = [&](const std::string& host) {
    return tls["sni"].as_string() == subject.egress.target(host);
  };
  return mode == "ISTIO_MUTUAL" && std::ranges::any_of(subject.egress.hosts, is_served);
}

/// True where Istio merges that rule, of the gateway's namespace and for the same host, with the gateway's
/// own: since 1.14 only one that is for the same pods (pilot/pkg/model/destination_rule.go, 1.30.3).
bool is_merged(const Subject& subject, const TrafficRule& rule, const Mesh& mesh) {
  const Json pods = rule.spec()["workloadSelector"]["matchLabels"];
  if (rule.host == subject.service) return pods.members().empty();
  const bool own_is_confined = mesh.version >= Version{1, 14, 0};
  return own_is_confined ? !pods.members().empty() && selects(pods, subject.labels) : true;
}

/// The gateway's own rule for that host; null where there is none yet.
const TrafficRule* own_rule(const Subject& subject, const std::string& host, const Neighbourhood& around) {
  for (const TrafficRule* rule : around.rules_by_host.naming(host))
    if (subject.owns(*rule)) return rule;
  return nullptr;
}

}  // namespace

/// A caller's sidecar takes the first rule that it finds: in its own namespace, then the Service's, then the
/// root namespace; nothing is merged across them. What is in the root namespace shadows nothing, not even for
/// callers there (pilot/pkg/model/push_context.go, 1.7.0: DestinationRule).
void find_shadowing(const Subject& subject, const Neighbourhood& around, std::vector<Finding>& found) {
  for (const TrafficRule* rule : around.rules_by_host.covering(subject.service)) {
    const std::string& ns = rule->reference.ns;
    const bool of_callers = ns != subject.egress.ns && ns != around.mesh.root_namespace;
    if (!of_callers || subject.owns(*rule) || !subject.admits(ns) || !subject.scope.reaches(ns)) continue;
    if (keeps_hop(subject, *rule)) continue;
    const auto callers = subject.callers();
    const bool is_named = std::ranges::find(callers, ns) != callers.end();
    const std::string effect = subject.egress.mesh.mutual
                                   ? " lose the mesh's TLS on the way to this gateway, and it refuses them"
                                   : " make TLS on the way to this gateway, which expects plaintext";
    found.push_back(subject.finding(
        is_named ? Severity::error : Severity::warning, "ShadowedRule", rule->reference,
        named(rule->reference) + " for " + quoted(rule->host) +
            " comes before the gateway's own DestinationRule: callers in namespace " + quoted(ns) + effect,
        edit_command(rule->reference)));
  }
}

void find_merged_rules(const Subject& subject, const Neighbourhood& around, std::vector<Finding>& found) {
  std::vector<std::string> hosts{subject.service};
  for (const std::string& host : subject.egress.hosts) hosts.push_back(subject.egress.target(host));
  for (const std::string& host : hosts) {
    const TrafficRule* own = own_rule(subject, host, around);
    for (const TrafficRule* rule : around.rules_by_host.naming(host)) {
      if (subject.owns(*rule) || rule->reference.ns != subject.egress.ns) continue;
      if (!is_merged(subject, *rule, around.mesh)) continue;
      const bool first = own == nullptr || rule->before(*own);
      const std::string effect = first ? "the other's settings stand, for it comes first"
                                       : "the other's settings are lost, for the gateway's comes first";
      found.push_back(
          subject.finding(first ? Severity::error : Severity::warning, "MergedRule", rule->reference,
                          named(rule->reference) + " is for " + quoted(host) +
                              " in the gateway's own namespace too, where Istio merges the two: " + effect,
                          edit_command(rule->reference)));
    }
  }
}

}  // namespace egress::mesh
