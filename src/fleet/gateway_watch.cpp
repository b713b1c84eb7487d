#include "egress/fleet/gateway_watch.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <utility>

#include "egress/base/interruption.hpp"
#include "egress/base/tasks.hpp"
#include "egress/fleet/gateway_cache.hpp"
#include "egress/fleet/member_listings.hpp"
#include "egress/kube/applyset.hpp"
#include "egress/kube/discovery.hpp"
#include "egress/kube/watch.hpp"
#include "egress/mesh/names.hpp"
#include "egress/mesh/parts.hpp"

namespace egress::fleet {
namespace {

using Clock = std::chrono::steady_clock;
using ChangeKind = GatewayChange::Kind;

/// A Deployment on its way changes several times within it.
constexpr std::chrono::milliseconds moment{200};
constexpr std::chrono::hours ever{24 * 365};
constexpr int forbidden = 403;
constexpr int too_many_requests = 429;
constexpr int server_fault = 500;

/// Who may not list records has nothing to follow: that is better known before than from one of many watches.
kube::ServedResources discover(kube::Cluster& cluster, const std::string& ns) {
  std::vector<kube::Call> wave = kube::discovery_calls(mesh::all_kinds());
  wave.push_back(
      kube::list(mesh::record_resource, ns, {.label_selector = mesh::record_selector(), .limit = 1}));
  auto answers = cluster.send(wave);
  answers.back().value();
  return kube::read_discovery(mesh::all_kinds(), std::span(answers).first(answers.size() - 1));
}

class GatewayWatch {
 public:
  GatewayWatch(kube::Cluster& cluster, const WatchHandlers& handlers)
      : cluster_(cluster),
        handlers_(handlers),
        served_(discover(cluster, handlers.ns)),
        listings_(member_listings(mesh::all_kinds(), served_, handlers.ns, mesh::object_selector())),
        known_(served_) {}

  /// A lane for each watch, which notes what changes, and one that tells it.
  void run() {
    run_concurrently(listings_.size() + 1, [this](std::size_t i) {
      if (i == listings_.size())
        tell();
      else
        watch(listings_[i]);
    });
  }

 private:
  void watch(const kube::Listing& listing) {
    kube::Watch watch(cluster_, listing, handlers_.on_error);
    bool listed = false;
    try {
      watch.follow(Clock::now() + ever, [&](const kube::Change& change) {
        note(listing, change);
        if (change.kind == kube::Change::Kind::synced && !std::exchange(listed, true)) ++begun_;
        return true;
      });
    } catch (const kube::ApiError& error) {
      if (error.status() != forbidden || listing.resource.kind == kube::kinds::config_map) throw;
      hide(listing);
      begun_ += listed ? 0 : 1;
    }
  }

  /// What was seen of it until now may not be so any more.
  void hide(const kube::Listing& listing) {
    hidden_.push_back({listing.resource.kind, listing.ns});
    for (const auto& [id, summary] : reported_) due_.insert(id);
  }

  void note(const kube::Listing& listing, const kube::Change& change) {
    try {
      known_.take(listing.resource, change);
    } catch (const Error& error) {
      handlers_.on_error(error);
    }
  }

  void tell() {
    while (begun_ < listings_.size()) pause();
    tell_standing();
    for (;; pause()) {
      due_.merge(known_.changed());
      for (const std::string& id : std::exchange(due_, {}))
        if (const auto now = look_at(id)) tell(id, *now);
    }
  }

  void tell_standing() {
    std::vector<mesh::Summary> on_listed;
    for (const std::string& id : known_.changed()) {
      auto summary = look_at(id).value_or(std::nullopt);
      if (!summary) continue;
      on_listed.push_back(*summary);
      reported_[id] = std::move(*summary);
    }
    std::ranges::sort(on_listed, {}, [](const mesh::Summary& one) {
      return std::pair(one.record.egress.ns, one.record.egress.name);
    });
    handlers_.on_listed(std::move(on_listed));
  }

  /// Nothing where it has to be looked at again.
  std::optional<std::optional<mesh::Summary>> look_at(const std::string& id) {
    try {
      return summary_of(id);
    } catch (const kube::ConnectionError& error) {
      handlers_.on_error(error);
    } catch (const kube::ApiError& error) {
      if (error.status() != too_many_requests && error.status() < server_fault) throw;
      handlers_.on_error(error);
    }
    due_.insert(id);
    return std::nullopt;
  }

  /// Nothing where there is no gateway, or none that is wanted.
  std::optional<mesh::Summary> summary_of(const std::string& id) {
    const CachedGateway& gateway = known_.at(id);
    if (!gateway.record || !handlers_.is_selected(*gateway.record)) return std::nullopt;
    std::vector<Json> objects;
    for (const auto& [key, object] : gateway.objects) objects.push_back(object);
    mesh::Record record = *gateway.record;
    mesh::UnlistableKinds hidden = hidden_;
    look_elsewhere(record, id, objects, hidden);
    return mesh::summarize(std::move(record), objects, hidden);
  }

  /// The objects that it names in other namespaces than the one that is followed.
  void look_elsewhere(const mesh::Record& record, const std::string& id, std::vector<Json>& objects,
                      mesh::UnlistableKinds& hidden) {
    std::set<std::string> elsewhere;
    for (const mesh::Reference& one : record.members)
      if (!handlers_.ns.empty() && one.ns != handlers_.ns) elsewhere.insert(one.ns);
    const std::string label = std::string(kube::applyset::part_of_label) + "=" + id;
    for (const std::string& ns : elsewhere) {
      const auto listings = member_listings(cross_namespace_kinds, served_, ns, label);
      auto listed = kube::list_all(cluster_, listings);
      for (std::size_t i = 0; i < listed.size(); ++i) {
        if (listed[i].error && listed[i].error->status() != forbidden) throw kube::ApiError(*listed[i].error);
        if (listed[i].error) hidden.push_back({listings[i].resource.kind, ns});
        std::ranges::move(parse_all(listed[i].objects), std::back_inserter(objects));
      }
    }
  }

  void tell(const std::string& id, std::optional<mesh::Summary> now) {
    const auto reported = reported_.find(id);
    const bool knew = reported != reported_.end();
    if (knew && (!now || now->record.uid != reported->second.record.uid)) {
      reported->second.phase = mesh::Phase::deleted;
      handlers_.changed({ChangeKind::deleted, std::move(reported->second)});
      reported_.erase(reported);
    } else if (knew && mesh::to_json(*now) == mesh::to_json(reported->second)) {
      return;
    }
    if (!now) return;
    handlers_.changed({reported_.contains(id) ? ChangeKind::modified : ChangeKind::added, *now});
    reported_[id] = std::move(*now);
  }

  static void pause() {
    sleep_for(moment);
    throw_if_interrupted();
  }

  kube::Cluster& cluster_;
  const WatchHandlers& handlers_;
  kube::ServedResources served_;
  std::vector<kube::Listing> listings_;
  GatewayCache known_;
  mesh::UnlistableKinds hidden_;
  std::map<std::string, mesh::Summary> reported_;  ///< by id
  std::set<std::string> due_;                      ///< to be looked at again
  std::size_t begun_ = 0;
};

}  // namespace

void watch_gateways(kube::Cluster& cluster, const WatchHandlers& handlers) {
  GatewayWatch(cluster, handlers).run();
}

}  // namespace egress::fleet
