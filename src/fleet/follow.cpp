#include "egress/fleet/follow.hpp"

#include <array>
#include <set>
#include <utility>

#include "egress/base/interruption.hpp"
#include "egress/base/lanes.hpp"
#include "egress/fleet/inspection.hpp"
#include "egress/kube/watch.hpp"
#include "egress/mesh/names.hpp"
#include "egress/mesh/record.hpp"

namespace egress::fleet {
namespace {

using Clock = std::chrono::steady_clock;

/// A Deployment on its way changes several times within it.
constexpr std::chrono::milliseconds moment{200};
constexpr std::chrono::hours ever{24 * 365};

using Key = std::pair<std::string, std::string>;  ///< namespace and name

class Follower {
 public:
  Follower(kube::Cluster& cluster, const std::string& ns, const Followed& followed)
      : cluster_(cluster),
        followed_(followed),
        listings_{
            {{mesh::record_resource, ns, {.labels = mesh::record_selector(), .metadata_only = true}},
             {{kube::kinds::deployment}, ns, {.labels = mesh::object_selector(), .metadata_only = true}}}} {}

  /// Two lanes note what changes; the third looks at it, for while an answer comes in nothing else can be
  /// asked.
  void run() {
    run_in_lanes(listings_.size() + 1, listings_.size() + 1, [this](std::size_t i) {
      if (i == listings_.size())
        look();
      else
        note(listings_[i]);
    });
    if (fault_) throw kube::ApiError(*fault_);
  }

 private:
  void note(const kube::Listing& listing) {
    kube::Watch watch(cluster_, listing, followed_.trouble);
    bool listed = false;
    try {
      watch.follow(Clock::now() + ever, [&](const kube::Change& change) {
        if (listed) note(change.object["metadata"]);
        if (change.kind == kube::Change::Kind::listed && !std::exchange(listed, true)) ++begun_;
        return true;
      });
    } catch (const kube::ApiError& error) {
      followed_.trouble(error);
      fault_ = error;
      begun_ += listed ? 0 : 1;
      ++over_;
    }
  }

  /// The gateway that an object named after it belongs to.
  void note(const Json& metadata) {
    const std::string& name = metadata["name"].as_string();
    const std::string suffix = mesh::object_name("");
    if (name.size() > suffix.size() && name.ends_with(suffix))
      changed_.emplace(metadata["namespace"].as_string(), name.substr(0, name.size() - suffix.size()));
  }

  void look() {
    while (begun_ < listings_.size()) pause();
    followed_.begun();
    for (; over_ < listings_.size(); pause()) {
      const auto changed = std::exchange(changed_, {});
      for (const Key& key : changed) look_at(key);
    }
  }

  void look_at(const Key& key) {
    try {
      auto found = inspect(cluster_, key.second, key.first);
      followed_.see({key.first, key.second, found ? std::optional(std::move(found->summary)) : std::nullopt});
    } catch (const kube::ConnectionError& error) {
      followed_.trouble(error);
      changed_.insert(key);
    } catch (const kube::ApiError& error) {
      followed_.trouble(error);
    }
  }

  static void pause() {
    pause_for(moment);
    stop_if_interrupted();
  }

  kube::Cluster& cluster_;
  const Followed& followed_;
  std::array<kube::Listing, 2> listings_;
  std::set<Key> changed_;
  std::size_t begun_ = 0;
  std::size_t over_ = 0;
  std::optional<kube::ApiError> fault_;
};

}  // namespace

void follow_gateways(kube::Cluster& cluster, const std::string& ns, const Followed& followed) {
  Follower(cluster, ns, followed).run();
}

}  // namespace egress::fleet
