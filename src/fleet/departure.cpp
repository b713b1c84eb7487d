#include "egress/fleet/departure.hpp"

#include <algorithm>

#include "egress/base/error.hpp"
#include "egress/base/lanes.hpp"
#include "egress/base/text.hpp"
#include "egress/kube/watch.hpp"

namespace egress::fleet {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds first_pause{20};
constexpr milliseconds pause_that_a_watch_is_worth{200};
constexpr milliseconds longest_pause{1000};

std::string named(const mesh::Reference& reference) {
  return reference.label() + " in namespace \"" + reference.ns + "\"";
}

}  // namespace

Departure::Departure(kube::Cluster& cluster, const Reporter& reporter, const std::vector<Member>& members)
    : cluster_(cluster), reporter_(reporter) {
  for (const Member& one : members) left_.push_back({one, {}});
}

Departure Departure::with_derived(kube::Cluster& cluster, const Reporter& reporter,
                                  const std::vector<Member>& members) {
  std::vector<Member> all;
  for (const Member& one : members) {
    all.push_back(one);
    for (const mesh::Reference& derived : one.derived) all.push_back({derived, {}, {}, {}});
  }
  return {cluster, reporter, all};
}

void Departure::look() {
  std::vector<kube::Call> calls;
  for (const Leaving& one : left_) {
    const mesh::Reference& reference = one.member.reference;
    calls.push_back(kube::get(reference.resource, reference.ns, reference.name));
  }
  auto answers = cluster_.send(calls);
  std::vector<Leaving> still;
  for (std::size_t i = 0; i < left_.size(); ++i) {
    const std::string& uid = left_[i].member.uid;
    const bool replaced =
        answers[i].ok() && !uid.empty() && answers[i].body["metadata"]["uid"].as_string() != uid;
    if (answers[i].not_found() || answers[i].status == 403 || replaced) continue;
    still.push_back({std::move(left_[i].member), std::move(answers[i].body)});
  }
  left_ = std::move(still);
}

void Departure::await(Deadline deadline) {
  for (milliseconds pause = first_pause;; pause = std::min(pause * 2, longest_pause)) {
    look();
    if (left_.empty()) return;
    if (std::chrono::steady_clock::now() >= deadline) throw Error(time_out());
    const Member& first = left_.front().member;
    reporter_.waiting("waiting for " + first.reference.label() + " to be gone");
    if (pause < pause_that_a_watch_is_worth || !follow(first, deadline)) pause_for(pause);
  }
}

std::vector<Member> Departure::left() const {
  std::vector<Member> members;
  for (const Leaving& one : left_) {
    members.push_back(one.member);
    const Json& version = one.seen["metadata"]["resourceVersion"];
    if (!version.is_null()) members.back().version = version.as_string();
  }
  return members;
}

/// Watches an object until it is gone, or time is up. False where that could not be.
bool Departure::follow(const Member& member, Deadline deadline) {
  const mesh::Reference& reference = member.reference;
  kube::Watch watch(cluster_, reference.resource, reference.ns, reference.name,
                    [this](const Error& error) { reporter_.waiting(error.what()); });
  std::string uid = member.uid;
  bool stands = false;
  try {
    watch.follow(deadline, [&](const kube::Change& change) {
      using Kind = kube::Change::Kind;
      const std::string& seen = change.object["metadata"]["uid"].as_string();
      if (change.kind == Kind::standing && uid.empty()) uid = seen;
      if (change.kind != Kind::listed) stands = change.kind == Kind::standing && seen == uid;
      return stands;
    });
    return true;
  } catch (const kube::ApiError&) {
    return false;
  }
}

std::string Departure::time_out() const {
  std::string text = "the deletion takes too long; these are not gone yet:";
  for (const Leaving& one : left_) {
    text += "\n  " + named(one.member.reference);
    std::vector<std::string> finalizers;
    for (const Json& finalizer : one.seen["metadata"]["finalizers"].items())
      finalizers.push_back(finalizer.as_string());
    if (!finalizers.empty()) text += ", held by the finalizer " + printable(join(finalizers, ", "), 300);
  }
  return text;
}

}  // namespace egress::fleet
