#include <algorithm>
#include <set>

#include "egress/mesh/audit/commands.hpp"
#include "egress/mesh/audit/phrases.hpp"
#include "egress/mesh/audit/rules.hpp"
#include "egress/mesh/callers_port.hpp"

namespace egress::mesh {
namespace {

/// True where the other Gateway has a server on that port for one of the hosts.
bool serves(const PodRule& gateway, int number, const std::vector<std::string>& hosts) {
  return std::ranges::any_of(served_hosts(gateway, number), [&](const std::string& host) {
    return std::ranges::find(hosts, host) != hosts.end();
  });
}

bool has_server(const PodRule& gateway, int number) {
  return std::ranges::any_of(gateway.spec()["servers"].items(), [&](const Json& server) {
    return server["port"]["number"].as_integer() == number;
  });
}

/// Off by default: Gateways configure pods in every namespace (pilot/pkg/features/pilot.go).
bool is_scoped_to_namespace(const Neighbourhood& around) {
  const auto& istiods = around.revisions.istiods;
  return std::ranges::any_of(istiods, [](const ControlPlane& one) {
    return one.variable("PILOT_SCOPE_GATEWAY_TO_NAMESPACE") == "true";
  });
}

std::string way(const PodRule& rule) {
  return rule.selector.members().empty() ? " selects the pods of every gateway, and so this one's"
                                         : " selects this gateway's pods";
}

/// What it does to the gateway, beside adding its own servers and routes to the pods.
std::string effect(const PodRule& gateway, const Subject& subject) {
  const int number = callers_port(subject.egress).number;
  if (!has_server(gateway, number)) return "its servers and routes open there, too";
  return "of two servers on port " + std::to_string(number) + " Istio drops the later one";
}

/// The ingress gateway's pods are others' to share, but one host there can have but one server.
void find_ingress_conflicts(const Subject& subject, const Neighbourhood& around,
                            std::vector<Finding>& found) {
  if (!subject.egress.ingress) return;
  const Ingress& ingress = *subject.egress.ingress;
  std::set<const PodRule*> others;
  for (const std::string& host : ingress.hosts)
    if (const auto at = around.gateways_by_host.find(host); at != around.gateways_by_host.end())
      others.insert(at->second.begin(), at->second.end());
  for (const PodRule* gateway : others) {
    if (subject.owns(*gateway) || !selects(gateway->selector, ingress.selector)) continue;
    found.push_back(subject.finding(Severity::error, "IST0145", gateway->reference,
                                    named(gateway->reference) +
                                        " serves an exposed host on port 443 of the same ingress gateway: "
                                        "Istio drops the later of two such servers",
                                    edit_command(gateway->reference)));
  }
}

}  // namespace

void find_foreign_gateways(const Subject& subject, const Neighbourhood& around, std::vector<Finding>& found) {
  const bool scoped = is_scoped_to_namespace(around);
  const int number = callers_port(subject.egress).number;
  for (const PodRule* gateway : around.gateways_by_label.selecting(subject.labels)) {
    if (subject.owns(*gateway) || (scoped && gateway->reference.ns != subject.egress.ns)) continue;
    const bool same = serves(*gateway, number, subject.names);
    found.push_back(
        subject.finding(Severity::error, same ? "IST0145" : "ForeignGateway", gateway->reference,
                        named(gateway->reference) + way(*gateway) + ": " + effect(*gateway, subject),
                        edit_command(gateway->reference)));
  }
  find_ingress_conflicts(subject, around, found);
}

}  // namespace egress::mesh
