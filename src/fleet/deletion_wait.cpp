#include "egress/fleet/deletion_wait.hpp"

#include <algorithm>

#include "egress/base/error.hpp"
#include "egress/base/tasks.hpp"
#include "egress/base/text.hpp"
#include "egress/kube/applyset.hpp"
#include "egress/kube/watch.hpp"
#include "egress/mesh/full_name.hpp"

namespace egress::fleet {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds first_pause{20};
constexpr milliseconds pause_that_a_watch_is_worth{200};
constexpr milliseconds longest_pause{1000};
/// Then it is time to see whether another object of the name exists.
constexpr std::chrono::seconds longest_watch{5};
constexpr int forbidden = 403;
/// In a report: of many pods the others are held like them.
constexpr int most_pods = 5;

std::vector<std::string> finalizers_of(const Json& object) {
  std::vector<std::string> finalizers;
  for (const Json& one : object["metadata"]["finalizers"].items()) finalizers.push_back(one.as_string());
  return finalizers;
}

/// The pods that a Deployment has, where it goes after them (k8s.io/api, apps/v1 and meta/v1:
/// FinalizerDeleteDependents).
std::string pods_waited_for(const Json& object) {
  const auto finalizers = finalizers_of(object);
  if (std::ranges::find(finalizers, "foregroundDeletion") == finalizers.end()) return {};
  std::vector<std::string> terms;
  for (const auto& [key, value] : object["spec"]["selector"]["matchLabels"].members())
    terms.push_back(key + "=" + value.as_string());
  return join(terms, ",");
}

std::string held_by(const std::string& finalizers) {
  return finalizers.empty() ? "" : ", blocked by the finalizer " + printable(finalizers, 300);
}

}  // namespace

void DeletionWait::look() {
  std::vector<kube::Call> calls;
  auto ask = [&](const mesh::Reference& one) { calls.push_back(kube::get(one.resource, one.ns, one.name)); };
  for (const LiveMember& one : left_) {
    ask(one.reference);
    std::ranges::for_each(one.derived, ask);
  }
  const auto answers = cluster_.send(calls);
  held_.clear();
  std::vector<LiveMember> still;
  std::size_t at = 0;
  for (LiveMember& one : left_) {
    const auto own = std::span(answers).subspan(at, 1 + one.derived.size());
    at += own.size();
    if (stays(one, own)) still.push_back(std::move(one));
  }
  left_ = std::move(still);
}

/// `answers` are those for the object and for its derived objects.
bool DeletionWait::stays(LiveMember& one, std::span<const kube::Answer> answers) {
  const Json& metadata = answers.front().body["metadata"];
  if (answers.front().ok()) {
    if (!one.uid.empty() && metadata["uid"].as_string() != one.uid) return false;
    const Json& set = metadata["labels"][kube::applyset::part_of_label];
    if (!one.set.empty() && set.as_string() != one.set) return false;
    one.version = metadata["resourceVersion"].as_string();
  }
  const bool any = stays(one.reference, one.uid, answers.front());
  std::vector<mesh::Reference> derived;
  for (std::size_t i = 0; i < one.derived.size(); ++i)
    if (stays(one.derived[i], "", answers[i + 1])) derived.push_back(one.derived[i]);
  one.derived = std::move(derived);
  return any || !one.derived.empty();
}

bool DeletionWait::stays(const mesh::Reference& reference, const std::string& uid,
                         const kube::Answer& answer) {
  if (answer.not_found() || answer.status == forbidden) return false;
  held_.push_back({reference, uid, join(finalizers_of(answer.body), ", "), pods_waited_for(answer.body)});
  return true;
}

void DeletionWait::await(Deadline deadline) {
  for (milliseconds pause = first_pause;; pause = std::min(pause * 2, longest_pause)) {
    look();
    if (left_.empty()) return;
    if (std::chrono::steady_clock::now() >= deadline) throw Error(time_out(), "", reason::deletion_timed_out);
    reporter_.on_wait("waiting for deletion of " + held_.front().reference.display_name());
    if (pause < pause_that_a_watch_is_worth || !follow(held_.front(), deadline)) sleep_for(pause);
  }
}

/// Watches an object until it is gone, or for a while. False where that could not be.
bool DeletionWait::follow(const Held& held, Deadline deadline) {
  kube::Watch watch(cluster_, held.reference.resource, held.reference.ns, held.reference.name,
                    [this](const Error& error) { reporter_.on_wait(error.what()); });
  std::string uid = held.uid;
  bool exists = false;
  try {
    deadline = std::min(deadline, std::chrono::steady_clock::now() + longest_watch);
    watch.follow(deadline, [&](const kube::Change& change) {
      using Kind = kube::Change::Kind;
      const std::string& seen = change.object["metadata"]["uid"].as_string();
      if (change.kind == Kind::exists && uid.empty()) uid = seen;
      if (change.kind != Kind::synced) exists = change.kind == Kind::exists && seen == uid;
      return exists;
    });
    return true;
  } catch (const kube::ApiError&) {
    return false;
  }
}

std::string DeletionWait::time_out() const {
  std::string text = "timed out waiting for deletion of:";
  for (const Held& one : held_) {
    text += "\n  " + mesh::full_name(one.reference);
    text += held_by(one.finalizers) + pods_left(one);
  }
  return text;
}

/// A line for each pod that keeps an object; none where they cannot be looked at.
std::string DeletionWait::pods_left(const Held& held) const {
  if (held.pods.empty()) return {};
  kube::Answer answer;
  try {
    answer = cluster_.send(
        kube::list({kube::kinds::pod}, held.reference.ns, {.label_selector = held.pods, .limit = most_pods}));
  } catch (const Error&) {
    return {};  // what is known without them is said all the same
  }
  std::string text;
  for (const Json& pod : answer.body["items"].items())
    text += "\n    waits for pod/" + printable(pod["metadata"]["name"].as_string(), 300) +
            held_by(join(finalizers_of(pod), ", "));
  return text;
}

}  // namespace egress::fleet
