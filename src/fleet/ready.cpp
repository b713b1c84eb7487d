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
constexpr seconds between_looks{1};

/// Why a pod is not ready, in Kubernetes' own words.
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

bool is_ready(const Json& pod) {
  const auto& conditions = pod["status"]["conditions"].items();
  return std::ranges::any_of(conditions, [](const Json& one) {
    return one["type"].as_string() == "Ready" && one["status"].as_string() == "True";
  });
}

/// What the first pod that is not ready tells, or else the Deployment.
std::string trouble_of(kube::Cluster& cluster, const Json& deployment) {
  std::vector<std::string> terms;
  for (const auto& [key, value] : deployment["spec"]["selector"]["matchLabels"].members())
    terms.push_back(key + "=" + value.as_string());
  const auto answer =
      cluster.send(kube::list({kube::kinds::pod}, deployment["metadata"]["namespace"].as_string(),
                              {.labels = join(terms, ","), .limit = 10}));
  if (!answer.ok()) return {};
  for (const Json& pod : answer.body["items"].items())
    if (!is_ready(pod))
      return "pod/" + pod["metadata"]["name"].as_string() + ": " + printable(trimmed(pod_trouble(pod)), 300);
  for (const Json& condition : deployment["status"]["conditions"].items())
    if (condition["type"].as_string() == "ReplicaFailure")
      return printable(condition["message"].as_string(), 300);
  return answer.body["items"].items().empty() ? "no pod was made yet" : "";
}

/// A Deployment on its way to a ready pod.
class Rollout {
 public:
  Rollout(kube::Cluster& cluster, const mesh::Reference& deployment, Deadline deadline,
          const Reporter& reporter)
      : cluster_(cluster), deployment_(deployment), deadline_(deadline), reporter_(reporter) {}

  bool ready() const { return fault_.empty(); }
  bool gone() const { return gone_; }
  seconds left() const { return std::chrono::ceil<seconds>(deadline_ - steady_clock::now()); }

  /// Follows the Deployment for a while: by watch, or by one look where this user may not watch. A server
  /// that cannot answer just now is asked again.
  void follow() {
    const auto span = static_cast<int>(std::min(left(), longest_watch).count());
    try {
      if (may_watch_)
        cluster_.follow(kube::watch(deployment_.resource, deployment_.ns, deployment_.name, span),
                        [this](const Json& event) { return take(event); });
      else
        see(cluster_.send(kube::get(deployment_.resource, deployment_.ns, deployment_.name)).take());
    } catch (const kube::ConnectionError& error) {
      reporter_.waiting(error.what());
    } catch (const kube::ApiError& error) {
      if (error.status() == 404) gone_ = true;
      const bool forbidden = error.status() == 403 || error.status() == 405;
      if (forbidden && !std::exchange(may_watch_, false)) throw;
      if (!forbidden && !gone_ && error.status() != 429 && error.status() < 500) throw;
    }
  }

  std::string fault() {
    if (gone_) return "its Deployment was deleted";
    const std::string trouble = last_.is_null() ? "" : trouble_of(cluster_, last_);
    return trouble.empty() ? fault_ : fault_ + " (" + trouble + ")";
  }

 private:
  /// One event of the watch; false ends it.
  bool take(const Json& event) {
    const std::string& type = event["type"].as_string();
    if (type == "ADDED" || type == "MODIFIED") see(event["object"]);
    gone_ = type == "DELETED";
    return !gone_ && !ready() && type != "ERROR";
  }

  void see(const Json& deployment) {
    last_ = deployment;
    fault_ = mesh::rollout_fault(last_);
    if (!ready()) reporter_.waiting(fault_);
  }

  kube::Cluster& cluster_;
  const mesh::Reference& deployment_;
  Deadline deadline_;
  const Reporter& reporter_;
  bool may_watch_ = true;
  bool gone_ = false;
  Json last_;
  std::string fault_ = "its Deployment was not seen";
};

}  // namespace

std::string await_ready(kube::Cluster& cluster, const mesh::Reference& deployment, Deadline deadline,
                        const Reporter& reporter) {
  Rollout rollout(cluster, deployment, deadline, reporter);
  while (rollout.left() > seconds(0)) {
    rollout.follow();
    if (rollout.ready() && !rollout.gone()) return {};
    if (rollout.gone()) break;
    const steady_clock::duration left = deadline - steady_clock::now();
    std::this_thread::sleep_for(std::min<steady_clock::duration>(left, between_looks));
  }
  return rollout.fault();
}

}  // namespace egress::fleet
