#include "egress/fleet/ready.hpp"

#include <algorithm>

#include "egress/base/text.hpp"
#include "egress/kube/watch.hpp"
#include "egress/mesh/names.hpp"
#include "egress/mesh/object_fault.hpp"
#include "egress/mesh/status.hpp"

namespace egress::fleet {
namespace {

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
    if (const std::string fault = mesh::pod_fault(pod); !fault.empty())
      return "pod/" + pod["metadata"]["name"].as_string() + ": " + fault;
  for (const Json& condition : deployment["status"]["conditions"].items())
    if (condition["type"].as_string() == "ReplicaFailure")
      return printable(condition["message"].as_string(), 300);
  return answer.body["items"].items().empty() ? "no pod was made yet" : "";
}

/// A Deployment on its way to a ready pod.
class Rollout {
 public:
  explicit Rollout(const Reporter& reporter) : reporter_(reporter) {}

  bool ready() const { return fault_.empty(); }
  bool gone() const { return gone_; }

  void see(const Json& deployment) {
    last_ = deployment;
    fault_ = mesh::rollout_fault(last_);
    if (!ready()) reporter_.waiting(fault_);
  }

  /// False where nothing more is to be waited for.
  bool take(const kube::Change& change) {
    using Kind = kube::Change::Kind;
    if (change.kind == Kind::standing) see(change.object);
    gone_ = gone_ || change.kind == Kind::gone || (change.kind == Kind::listed && last_.is_null());
    return !gone_ && !ready();
  }

  std::string fault(kube::Cluster& cluster) const {
    if (gone_) return "its Deployment was deleted";
    const std::string trouble = last_.is_null() ? "" : trouble_of(cluster, last_);
    return trouble.empty() ? fault_ : fault_ + " (" + trouble + ")";
  }

 private:
  const Reporter& reporter_;
  bool gone_ = false;
  Json last_;
  std::string fault_ = "its Deployment was not seen";
};

}  // namespace

std::string await_ready(kube::Cluster& cluster, const mesh::Object& deployment, Deadline deadline,
                        const Reporter& reporter) {
  const mesh::Reference& reference = deployment.reference;
  Rollout rollout(reporter);
  kube::Watch watch(cluster, reference.resource, reference.ns, reference.name,
                    [&](const Error& error) { reporter.waiting(error.what()); });
  // What was made just now has no pods yet: how it stands need not be asked.
  if (deployment.made) {
    watch.start_at(deployment.seen);
    rollout.see(deployment.json);
  }
  watch.follow(deadline, [&](const kube::Change& change) { return rollout.take(change); });
  return rollout.ready() && !rollout.gone() ? "" : rollout.fault(cluster);
}

}  // namespace egress::fleet
