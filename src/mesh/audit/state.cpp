#include <algorithm>
#include <array>

#include "egress/mesh/audit/commands.hpp"
#include "egress/mesh/audit/phrases.hpp"
#include "egress/mesh/audit/rules.hpp"
#include "egress/mesh/istio_kinds.hpp"
#include "egress/mesh/status.hpp"

namespace egress::mesh {
namespace {

/// Kinds of which surroundings hold whatever there is.
constexpr std::array seen_kinds{
    kinds::virtual_service,      kinds::destination_rule,
    kinds::service_entry,        kinds::gateway,
    kinds::authorization_policy, kinds::envoy_filter,
    kube::kinds::network_policy, kube::kinds::deployment,
};

void find_missing(const Subject& subject, const Record& record, const Neighbourhood& around,
                  std::vector<Finding>& found) {
  for (Reference member : record.members) {
    const kube::Kind& kind = member.resource.kind;
    const bool listed = std::ranges::find(seen_kinds, kind) != seen_kinds.end() && around.all.sees(kind);
    if (!listed && !around.all.sees_members(kind, member.ns)) continue;
    if (around.managed.contains(member.key())) continue;
    if (member.resource.version.empty()) member.resource.version = kind.versions.front();
    found.push_back(subject.finding_at_present(Severity::error, "Missing", member,
                                               named(member) + " is part of the gateway, and is not there",
                                               apply_command(subject.egress)));
  }
}

}  // namespace

/// An operation that was cut off says it all: what it was to write is missing anyway.
void find_state(const Subject& subject, const Record& record, const Neighbourhood& around,
                std::vector<Finding>& found) {
  const Reference gateway = gateway_reference(subject.egress);
  if (record.deleting || record.operation == Operation::remove) {
    found.push_back(subject.finding_at_present(Severity::error, "Incomplete", gateway,
                                               "a delete of the gateway was begun and is not done",
                                               delete_command(subject.egress.name, subject.egress.ns)));
  } else if (record.operation == Operation::create) {
    found.push_back(
        subject.finding_at_present(Severity::error, "Incomplete", gateway,
                                   "a create of the gateway was begun and is not done: callers may not be "
                                   "sent to it yet",
                                   apply_command(subject.egress)));
  } else if (record.operation == Operation::apply) {
    found.push_back(subject.finding_at_present(Severity::error, "Incomplete", gateway,
                                               "a change of the gateway was begun and is not done",
                                               apply_command(subject.egress)));
  } else {
    find_missing(subject, record, around, found);
    const std::string fault =
        subject.deployment == nullptr ? "" : rollout_fault(subject.deployment->unpack());
    if (!fault.empty())
      found.push_back(subject.finding_at_present(Severity::error, "NotReady", subject.workload(),
                                                 "the gateway is not ready: " + fault, ""));
  }
}

}  // namespace egress::mesh
