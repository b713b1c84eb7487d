#include <algorithm>
#include <array>

#include "egress/mesh/audit/commands.hpp"
#include "egress/mesh/audit/phrases.hpp"
#include "egress/mesh/audit/rules.hpp"
#include "egress/mesh/istio_kinds.hpp"
#include "egress/mesh/status.hpp"

namespace egress::mesh {
namespace {

/// Kinds whose objects a snapshot lists completely.
constexpr std::array listed_kinds{
    kinds::virtual_service,      kinds::destination_rule,
    kinds::service_entry,        kinds::gateway,
    kinds::authorization_policy, kinds::envoy_filter,
    kube::kinds::network_policy, kube::kinds::deployment,
};

void find_missing_members(const AuditedGateway& gateway, const Record& record, const AuditIndex& index,
                          std::vector<Finding>& findings) {
  for (Reference member : record.members) {
    const kube::Kind& kind = member.resource.kind;
    const bool is_listed =
        std::ranges::find(listed_kinds, kind) != listed_kinds.end() && index.snapshot.has_listed(kind);
    if (!is_listed && !index.snapshot.has_listed_members(kind, member.ns)) continue;
    if (index.managed_keys.contains(member.key())) continue;
    if (member.resource.version.empty()) member.resource.version = kind.versions.front();
    findings.push_back(gateway.live_finding(Severity::error, "Missing", member,
                                            full_name(member) + " is part of the gateway, but does not exist",
                                            apply_command(gateway.egress)));
  }
}

}  // namespace

/// After an interrupted operation, missing objects are expected and not reported one by one.
void find_state(const AuditedGateway& gateway, const Record& record, const AuditIndex& index,
                std::vector<Finding>& findings) {
  const Reference reference = gateway_reference(gateway.egress);
  if (record.is_being_deleted || record.operation == Operation::remove) {
    findings.push_back(gateway.live_finding(Severity::error, "Incomplete", reference,
                                            "a delete of the gateway was interrupted",
                                            delete_command(gateway.egress.name, gateway.egress.ns)));
  } else if (record.operation == Operation::create) {
    findings.push_back(
        gateway.live_finding(Severity::error, "Incomplete", reference,
                             "a create of the gateway was interrupted: traffic may not be routed to it yet",
                             apply_command(gateway.egress)));
  } else if (record.operation == Operation::apply) {
    findings.push_back(gateway.live_finding(Severity::error, "Incomplete", reference,
                                            "a change of the gateway was interrupted",
                                            apply_command(gateway.egress)));
  } else {
    find_missing_members(gateway, record, index, findings);
    const std::string problem =
        gateway.deployment == nullptr ? "" : rollout_problem(gateway.deployment->parse());
    if (!problem.empty())
      findings.push_back(gateway.live_finding(Severity::error, "NotReady", gateway.workload(),
                                              "the gateway is not ready: " + problem, ""));
  }
}

}  // namespace egress::mesh
