#include <algorithm>
#include <array>

#include "egress/mesh/audit/commands.hpp"
#include "egress/mesh/audit/phrases.hpp"
#include "egress/mesh/audit/rules.hpp"

namespace egress::mesh {
namespace {

/// Istio 1.7 installs its telemetry as EnvoyFilters for every proxy
/// (istio-discovery/templates/telemetryv2_1.7.yaml, 1.7.0).
bool is_istio_telemetry(const WorkloadSelector& filter) {
  constexpr std::array<std::string_view, 5> names{"stats-filter-", "tcp-stats-filter-", "metadata-exchange-",
                                                  "tcp-metadata-exchange-", "stackdriver-filter-"};
  return std::ranges::any_of(names,
                             [&](std::string_view name) { return filter.reference.name.starts_with(name); });
}

/// True for a filter that applies to gateways.
bool applies_to_gateways(const WorkloadSelector& filter) {
  return std::ranges::any_of(filter.spec()["configPatches"].items(), [](const Json& patch) {
    const std::string& context = patch["match"]["context"].as_string();
    return context.empty() || context == "ANY" || context == "GATEWAY";
  });
}

/// Policies or filters of others that apply to the gateway's pods: in its namespace or in the root namespace.
std::vector<const WorkloadSelector*> applicable_to(const LabelIndex<WorkloadSelector>& index,
                                                   const AuditedGateway& gateway, const Mesh& mesh) {
  std::vector<const WorkloadSelector*> rules = index.matches(gateway.labels);
  std::erase_if(rules, [&](const WorkloadSelector* rule) {
    const std::string& ns = rule->reference.ns;
    return gateway.owns(*rule) || rule->has_target_refs ||
           (ns != gateway.egress.ns && ns != mesh.root_namespace);
  });
  return rules;
}

/// The effect of another policy on the gateway; empty if it has none.
std::string policy_effect(const AuditedGateway& gateway, const WorkloadSelector& policy) {
  const bool has_allow_list = !gateway.egress.mesh.allow.empty();
  const std::string action = policy.spec()["action"].as_string();
  if (action == "AUDIT") return {};
  if (action == "DENY") return "requests that it denies are rejected";
  if (action == "CUSTOM") return "its provider also decides on every request";
  if (!has_allow_list) return "only requests that it allows pass";
  return policy.spec()["rules"].items().empty()
             ? ""
             : "requests that it allows pass, even if spec.mesh.allow does not allow them";
}

/// True for a policy that allows nothing on a gateway that has no policy of its own.
bool denies_everything(const AuditedGateway& gateway, const WorkloadSelector& policy) {
  const std::string action = policy.spec()["action"].as_string();
  const bool allows = action.empty() || action == "ALLOW";
  return allows && gateway.egress.mesh.allow.empty() && policy.spec()["rules"].items().empty();
}

}  // namespace

void find_foreign_policies(const AuditedGateway& gateway, const AuditIndex& index,
                           std::vector<Finding>& findings) {
  for (const WorkloadSelector* policy : applicable_to(index.policies_by_label, gateway, index.mesh)) {
    const std::string effect = policy_effect(gateway, *policy);
    if (effect.empty()) continue;
    const bool denies_all = denies_everything(gateway, *policy);
    findings.push_back(gateway.finding(
        denies_all ? Severity::error : Severity::warning, "ForeignPolicy", policy->reference,
        full_name(policy->reference) + " applies to this gateway's pods: " +
            (denies_all ? "it allows nothing, so every request is rejected" : effect),
        denies_all && gateway.exists ? gateway.settings_fix() : edit_command(policy->reference)));
  }
}

void find_foreign_filters(const AuditedGateway& gateway, const AuditIndex& index,
                          std::vector<Finding>& findings) {
  for (const WorkloadSelector* filter : applicable_to(index.filters_by_label, gateway, index.mesh)) {
    if (is_istio_telemetry(*filter) || !applies_to_gateways(*filter)) continue;
    findings.push_back(gateway.finding(
        Severity::warning, "ForeignFilter", filter->reference,
        full_name(filter->reference) +
            " changes the Envoy configuration of this gateway's pods; its effect was not checked",
        edit_command(filter->reference)));
  }
}

}  // namespace egress::mesh
