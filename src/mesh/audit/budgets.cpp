#include "egress/kube/label_selector.hpp"
#include "egress/mesh/audit/commands.hpp"
#include "egress/mesh/audit/phrases.hpp"
#include "egress/mesh/audit/rules.hpp"

namespace egress::mesh {
namespace {

/// 3, or 50 % of the pods, rounded up as the disruption controller does.
std::int64_t count_of(const Json& value, std::int64_t replicas) {
  if (value.is_integer()) return value.as_integer();
  const std::string& text = value.as_string();
  std::int64_t percent = 0;
  for (const char c : text)
    if (c >= '0' && c <= '9' && percent < 1000) percent = percent * 10 + (c - '0');
  return (percent * replicas + 99) / 100;
}

bool blocks_drain(const Json& spec, std::int64_t replicas) {
  if (spec.has("maxUnavailable")) return count_of(spec["maxUnavailable"], replicas) == 0;
  return spec.has("minAvailable") && count_of(spec["minAvailable"], replicas) >= replicas;
}

std::int64_t replicas_of(const Subject& subject) {
  return subject.deployment != nullptr ? subject.deployment->unpack()["spec"]["replicas"].as_integer(1)
                                       : subject.egress.workload.min_replicas;
}

bool covers_pods(const Json& selector, const Json& labels) {
  if (selector.is_null()) return false;
  const auto read = kube::LabelSelector::read(selector);
  return read && read->matches(labels);
}

}  // namespace

void find_budgets(const Subject& subject, const Neighbourhood& around, std::vector<Finding>& found) {
  const auto at = around.budgets_by_label.find(subject.egress.ns);
  const std::int64_t replicas = replicas_of(subject);
  // Of no pod at all nobody waits for the end.
  if (at == around.budgets_by_label.end() || replicas == 0) return;
  for (const PodRule* budget : at->second.selecting(subject.labels)) {
    const Json said = budget->spec();
    if (!blocks_drain(said, replicas) || !covers_pods(said["selector"], subject.labels)) continue;
    const Reference& reference = budget->reference;
    const Json spec(Json::Object{{"minAvailable", Json()}, {"maxUnavailable", 1}});
    found.push_back(subject.finding(Severity::warning, "DrainBlocked", reference,
                                    named(reference) + " allows none of the gateway's " +
                                        plural(static_cast<std::size_t>(replicas), "pod", "pods") +
                                        " to be evicted: draining their nodes never ends",
                                    merge_command(reference, object({{"spec", spec}}))));
  }
}

}  // namespace egress::mesh
