#include "egress/kube/label_selector.hpp"
#include "egress/mesh/audit/commands.hpp"
#include "egress/mesh/audit/phrases.hpp"
#include "egress/mesh/audit/rules.hpp"

namespace egress::mesh {
namespace {

/// Resolves "3" or "50%" to a number of pods. Percentages round up, as in the disruption controller.
std::int64_t pod_count(const Json& value, std::int64_t replicas) {
  if (value.is_integer()) return value.as_integer();
  const std::string& text = value.as_string();
  std::int64_t percent = 0;
  for (const char c : text)
    if (c >= '0' && c <= '9' && percent < 1000) percent = percent * 10 + (c - '0');
  return (percent * replicas + 99) / 100;
}

bool blocks_drain(const Json& spec, std::int64_t replicas) {
  if (spec.has("maxUnavailable")) return pod_count(spec["maxUnavailable"], replicas) == 0;
  return spec.has("minAvailable") && pod_count(spec["minAvailable"], replicas) >= replicas;
}

std::int64_t replica_count(const AuditedGateway& gateway) {
  return gateway.deployment != nullptr ? gateway.deployment->parse()["spec"]["replicas"].as_integer(1)
                                       : gateway.egress.workload.min_replicas;
}

bool selects_pods(const Json& selector, const Json& labels) {
  if (selector.is_null()) return false;
  const auto label_selector = kube::LabelSelector::read(selector);
  return label_selector && label_selector->matches(labels);
}

}  // namespace

void find_budgets(const AuditedGateway& gateway, const AuditIndex& index, std::vector<Finding>& findings) {
  const auto at = index.budgets_by_label.find(gateway.egress.ns);
  const std::int64_t replicas = replica_count(gateway);
  // Without pods there is nothing to evict.
  if (at == index.budgets_by_label.end() || replicas == 0) return;
  for (const WorkloadSelector* budget : at->second.matches(gateway.labels)) {
    const Json spec = budget->spec();
    if (!blocks_drain(spec, replicas) || !selects_pods(spec["selector"], gateway.labels)) continue;
    const Reference& reference = budget->reference;
    const Json relaxed_spec(Json::Object{{"minAvailable", Json()}, {"maxUnavailable", 1}});
    findings.push_back(gateway.finding(Severity::warning, "DrainBlocked", reference,
                                       full_name(reference) + " allows no eviction of the gateway's " +
                                           plural(static_cast<std::size_t>(replicas), "pod", "pods") +
                                           ": draining their nodes never finishes",
                                       merge_command(reference, object({{"spec", relaxed_spec}}))));
  }
}

}  // namespace egress::mesh
