#include "egress/fleet/rollout_watcher.hpp"

#include "egress/base/interruption.hpp"
#include "egress/base/tasks.hpp"
#include "egress/fleet/rollout_status.hpp"
#include "egress/fleet/rollout_wait.hpp"
#include "egress/kube/watch.hpp"
#include "egress/mesh/names.hpp"

namespace egress::fleet {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::hours ever{24 * 365};

kube::Listing deployments_of_gateways(const mesh::Reference& one) {
  return {one.resource, one.ns, {.label_selector = mesh::object_selector()}};
}

}  // namespace

/// The Deployments of one namespace that gateways wait for.
class RolloutWatcher::Followed {
 public:
  Followed(kube::Cluster& cluster, const mesh::Reference& one)
      : watch_(cluster, deployments_of_gateways(one), [this](const Error& error) { tell_all(error); }) {}

  /// Puts one among them, as long as it is there.
  class Waiting {
   public:
    Waiting(Followed& among, const std::string& name, RolloutStatus& rollout) : among_(among), name_(name) {
      among_.rollouts_[name] = &rollout;
    }
    ~Waiting() { among_.rollouts_.erase(name_); }
    Waiting(const Waiting&) = delete;
    Waiting& operator=(const Waiting&) = delete;

   private:
    Followed& among_;
    const std::string& name_;
  };

  /// Follows them from what was written first on, as long as others wait: nothing has to be listed.
  void follow(const Json& first) {
    if (!first.is_null()) watch_.start_at(first);
    try {
      watch_.follow(Clock::now() + ever, [&](const kube::Change& change) {
        tell(change);
        return true;
      });
    } catch (const Error&) {
      // Each of them finds out for itself, and what it means for it.
    }
    ended_ = true;
  }

  bool ended() const { return ended_; }

 private:
  void tell(const kube::Change& change) {
    // A list may be older than one that joined since: what went while nobody watched, the watch tells by
    // itself.
    if (change.kind == kube::Change::Kind::synced) return;
    const auto own = rollouts_.find(change.object["metadata"]["name"].as_string());
    if (own != rollouts_.end() && own->second->is_of(change.object)) own->second->take(change);
  }

  void tell_all(const Error& error) const {
    for (const auto& [name, rollout] : rollouts_) rollout->report(error.what());
  }

  kube::Watch watch_;
  std::map<std::string, RolloutStatus*> rollouts_;  ///< by name
  bool ended_ = false;
};

RolloutWatcher::RolloutWatcher(kube::Cluster& cluster) : cluster_(cluster) {}
RolloutWatcher::~RolloutWatcher() = default;

std::string RolloutWatcher::await(const mesh::Object& deployment, Deadline deadline,
                                  const Reporter& reporter) {
  const mesh::Reference& one = deployment.reference;
  auto& followed = followed_[one.ns];
  const bool is_first = !followed;
  if (is_first) followed = std::make_unique<Followed>(cluster_, one);
  RolloutStatus rollout(deployment, reporter);
  const Followed::Waiting waiting(*followed, one.name, rollout);
  if (is_first)
    start_background_task([&all = *followed, first = deployment.last_seen] { all.follow(first); });
  // Do not report the same status twice.
  if (!is_first || !deployment.created) {
    const auto found = cluster_.send(kube::get(one.resource, one.ns, one.name));
    rollout.look_at(found.not_found() ? Json() : found.value());
  }
  const auto is_late = [&] { return Clock::now() >= deadline; };
  wait_until([&] { return rollout.over() || followed->ended() || is_late(); });
  throw_if_interrupted();
  if (!rollout.over() && !is_late()) return wait_for_rollout(cluster_, deployment, deadline, reporter);
  return rollout.ready() ? "" : rollout.fault(cluster_);
}

}  // namespace egress::fleet
