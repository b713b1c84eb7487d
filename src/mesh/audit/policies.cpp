#include <algorithm>
#include <array>

#include "egress/mesh/audit/commands.hpp"
#include "egress/mesh/audit/phrases.hpp"
#include "egress/mesh/audit/rules.hpp"

namespace egress::mesh {
namespace {

/// Istio's own telemetry came as filters for every proxy (istio-discovery/templates/telemetryv2_1.7.yaml,
/// 1.7.0).
bool is_istios_own(const PodRule& filter) {
  constexpr std::array<std::string_view, 5> names{"stats-filter-", "tcp-stats-filter-", "metadata-exchange-",
                                                  "tcp-metadata-exchange-", "stackdriver-filter-"};
  return std::ranges::any_of(names,
                             [&](std::string_view name) { return filter.reference.name.starts_with(name); });
}

/// True for a filter that changes gateways, or every kind of proxy.
bool reaches_gateways(const PodRule& filter) {
  return std::ranges::any_of(filter.spec()["configPatches"].items(), [](const Json& patch) {
    const std::string& context = patch["match"]["context"].as_string();
    return context.empty() || context == "ANY" || context == "GATEWAY";
  });
}

/// Policies and filters that hold for the gateway's pods: of its namespace, or of the root namespace.
std::vector<const PodRule*> holding(const LabelIndex<PodRule>& index, const Subject& subject,
                                    const Mesh& mesh) {
  std::vector<const PodRule*> rules = index.selecting(subject.labels);
  std::erase_if(rules, [&](const PodRule* rule) {
    const std::string& ns = rule->reference.ns;
    return subject.owns(*rule) || rule->targeted || (ns != subject.egress.ns && ns != mesh.root_namespace);
  });
  return rules;
}

/// What a policy of others does to the gateway; nothing where it changes nothing.
std::string effect_of_policy(const Subject& subject, const PodRule& policy) {
  const bool own = !subject.egress.mesh.allow.empty();
  const std::string action = policy.spec()["action"].as_string();
  if (action == "AUDIT") return {};
  if (action == "DENY") return "what it denies does not pass";
  if (action == "CUSTOM") return "its provider decides on every request, too";
  if (!own) return "only what it allows passes";
  return policy.spec()["rules"].items().empty() ? ""
                                                : "what it allows passes, whatever the gateway's own says";
}

/// Without a rule it allows nothing; where nothing else allows more, nobody passes.
bool stops_everybody(const Subject& subject, const PodRule& policy) {
  const std::string action = policy.spec()["action"].as_string();
  const bool allows = action.empty() || action == "ALLOW";
  return allows && subject.egress.mesh.allow.empty() && policy.spec()["rules"].items().empty();
}

}  // namespace

void find_foreign_policies(const Subject& subject, const Neighbourhood& around, std::vector<Finding>& found) {
  for (const PodRule* policy : holding(around.policies_by_label, subject, around.mesh)) {
    const std::string effect = effect_of_policy(subject, *policy);
    if (effect.empty()) continue;
    const bool stops = stops_everybody(subject, *policy);
    found.push_back(subject.finding(
        stops ? Severity::error : Severity::warning, "ForeignPolicy", policy->reference,
        named(policy->reference) +
            " holds for this gateway's pods: " + (stops ? "it allows nothing, so nobody passes" : effect),
        stops && subject.stands ? subject.change() : edit_command(policy->reference)));
  }
}

void find_foreign_filters(const Subject& subject, const Neighbourhood& around, std::vector<Finding>& found) {
  for (const PodRule* filter : holding(around.filters_by_label, subject, around.mesh)) {
    if (is_istios_own(*filter) || !reaches_gateways(*filter)) continue;
    found.push_back(subject.finding(
        Severity::warning, "ForeignFilter", filter->reference,
        named(filter->reference) + " changes what Envoy does in this gateway's pods, unknown how",
        edit_command(filter->reference)));
  }
}

}  // namespace egress::mesh
