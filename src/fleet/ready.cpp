#include "egress/fleet/ready.hpp"

#include <algorithm>
#include <thread>

#include "egress/base/text.hpp"
#include "egress/mesh/names.hpp"
#include "egress/mesh/status.hpp"

namespace egress::fleet {
namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr seconds longest_watch{300};
constexpr seconds between_watches{1};

/// Why the first pod that is not ready is not, in Kubernetes' own words.
std::string pod_trouble(const Json& pod) {
  const Json& status = pod["status"];
  for (const Json& container : status["containerStatuses"].items()) {
    const Json& waiting = container["state"]["waiting"];
    if (waiting["reason"].as_string().empty()) continue;
    return waiting["reason"].as_string() + " " + waiting["message"].as_string();
  }
  for (const Json& condition : status["conditions"].items())
    if (condition["status"].as_string() == "False" && !condition["message"].as_string().empty())
      return condition["reason"].as_string() + " " + condition["message"].as_string();
  return status["phase"].as_string();
}

std::string trouble_of_pods(kube::Cluster& cluster, const Json& deployment) {
  const Json& labels = deployment["spec"]["selector"]["matchLabels"];
  std::vector<std::string> terms;
  for (const auto& [key, value] : labels.members()) terms.push_back(key + "=" + value.as_string());
  const auto answer =
      cluster.send(kube::list({kube::kinds::pod}, deployment["metadata"]["namespace"].as_string(),
                              {.labels = join(terms, ","), .limit = 10}));
  if (!answer.ok()) return {};
  for (const Json& pod : answer.body["items"].items())
    return "pod/" + pod["metadata"]["name"].as_string() + ": " + printable(trimmed(pod_trouble(pod)), 300);
  for (const Json& condition : deployment["status"]["conditions"].items())
    if (condition["type"].as_string() == "ReplicaFailure")
      return printable(condition["message"].as_string(), 300);
  return "no pod was made yet";
}

seconds left_until(Deadline deadline) {
  return std::chrono::ceil<seconds>(deadline - steady_clock::now());
}

}  // namespace

std::string await_ready(kube::Cluster& cluster, const mesh::Reference& deployment, Deadline deadline,
                        const Reporter& reporter) {
  Json last;
  std::string fault = "its Deployment was not seen";
  while (left_until(deadline) > seconds(0)) {
    const auto span = std::min(left_until(deadline), longest_watch);
    const auto call =
        kube::watch(deployment.resource, deployment.ns, deployment.name, static_cast<int>(span.count()));
    cluster.follow(call, [&](const Json& event) {
      if (event["type"].as_string() == "DELETED") fault = "its Deployment was deleted";
      if (event["type"].as_string() != "ADDED" && event["type"].as_string() != "MODIFIED") return true;
      last = event["object"];
      fault = mesh::rollout_fault(last);
      if (!fault.empty()) reporter.waiting(fault);
      return !fault.empty();
    });
    if (fault.empty()) return {};
    const steady_clock::duration left = deadline - steady_clock::now();
    std::this_thread::sleep_for(std::min<steady_clock::duration>(left, between_watches));
  }
  const std::string trouble = last.is_null() ? "" : trouble_of_pods(cluster, last);
  return trouble.empty() ? fault : fault + " (" + trouble + ")";
}

}  // namespace egress::fleet
