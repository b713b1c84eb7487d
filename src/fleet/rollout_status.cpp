#include "egress/fleet/rollout_status.hpp"

#include "egress/base/text.hpp"
#include "egress/mesh/names.hpp"
#include "egress/mesh/object_problem.hpp"
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
                              {.label_selector = join(terms, ","), .limit = 10}));
  if (!answer.ok()) return {};
  for (const Json& pod : answer.body["items"].items())
    if (const std::string fault = mesh::pod_problem(pod); !fault.empty())
      return "pod/" + pod["metadata"]["name"].as_string() + ": " + fault;
  for (const Json& condition : deployment["status"]["conditions"].items())
    if (condition["type"].as_string() == "ReplicaFailure")
      return printable(condition["message"].as_string(), 300);
  return answer.body["items"].items().empty() ? "no pod was created yet" : "";
}

/// What was written, or else what stood.
const Json& metadata_of(const mesh::Object& one) {
  return one.last_seen.is_null() ? one.live["metadata"] : one.last_seen;
}

}  // namespace

RolloutStatus::RolloutStatus(const mesh::Object& deployment, const Reporter& reporter)
    : written_(metadata_of(deployment)), reporter_(reporter) {
  // A Deployment that was just created has no pods yet, so it is not read.
  if (deployment.created) see(deployment.json);
}

bool RolloutStatus::is_of(const Json& deployment) const {
  return written_.is_null() || deployment["metadata"]["uid"] == written_["uid"];
}

void RolloutStatus::see(const Json& deployment) {
  const Json& metadata = deployment["metadata"];
  if (metadata.has("generation") && metadata["generation"].as_integer() < written_["generation"].as_integer())
    return;
  last_ = deployment;
  fault_ = mesh::rollout_problem(last_);
  if (!fault_.empty()) report(fault_);
}

void RolloutStatus::take(const kube::Change& change) {
  using Kind = kube::Change::Kind;
  told_ = true;
  if (change.kind == Kind::exists)
    see(change.object);
  else if (change.kind == Kind::deleted || last_.is_null())
    go();
}

void RolloutStatus::look_at(const Json& found) {
  if (told_) return;
  found.is_null() ? go() : see(found);
}

std::string RolloutStatus::fault(kube::Cluster& cluster) const {
  if (gone_) return "its Deployment was deleted";
  const std::string trouble = last_.is_null() ? "" : trouble_of(cluster, last_);
  return trouble.empty() ? fault_ : fault_ + " (" + trouble + ")";
}

}  // namespace egress::fleet
