#include "egress/fleet/remove.hpp"

#include <algorithm>
#include <functional>

#include "egress/base/error.hpp"
#include "egress/base/interruption.hpp"
#include "egress/base/lanes.hpp"
#include "egress/base/text.hpp"
#include "egress/fleet/hold.hpp"
#include "egress/fleet/inventory.hpp"
#include "egress/fleet/member.hpp"
#include "egress/fleet/ready.hpp"
#include "egress/kube/watch.hpp"
#include "egress/mesh/names.hpp"

namespace egress::fleet {
namespace {

using mesh::Stage;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

const kube::Resource record_resource{kube::kinds::config_map};
constexpr milliseconds longest_nap{200};
constexpr int attempts = 5;

/// An object that was asked to go, and how it stood when last looked at.
struct Leaving {
  Member member;
  Json seen;
};

std::vector<Leaving> alone(const std::vector<Member>& members) {
  std::vector<Leaving> all;
  for (const Member& one : members) all.push_back({one, {}});
  return all;
}

std::vector<Leaving> with_derived(const std::vector<Member>& members) {
  std::vector<Leaving> all;
  for (const Member& one : members) {
    all.push_back({one, {}});
    for (const mesh::Reference& derived : one.derived) all.push_back({{derived, {}, {}, {}}, {}});
  }
  return all;
}

std::string named(const mesh::Reference& reference) {
  return reference.label() + " in namespace \"" + reference.ns + "\"";
}

/// One run of remove().
class Removal {
 public:
  Removal(kube::Cluster& cluster, const Removing& removing, const Reporter& reporter)
      : cluster_(cluster),
        removing_(removing),
        reporter_(reporter),
        deadline_(steady_clock::now() + removing.timeout) {}

  /// Asks for the deletion of objects, together, and waits until they are gone.
  void remove(const std::vector<Member>& members) {
    if (members.empty()) return;
    std::vector<kube::Call> calls;
    for (const Member& one : members) calls.push_back(call(one));
    const auto answers = cluster_.send(calls);
    std::vector<std::string> faults;
    for (std::size_t i = 0; i < members.size(); ++i) {
      if (answers[i].ok() || answers[i].not_found() || was_replaced(members[i], answers[i]))
        reporter_.wrote(members[i].reference, "deleted");
      else
        faults.push_back(answers[i].error->headline());
    }
    if (!faults.empty()) throw Error("not everything could be deleted:\n  " + join(faults, "\n  "));
    if (removing_.dry_run) return;
    left_ = removing_.wait ? with_derived(members) : alone(members);
    if (removing_.wait)
      await_gone();
    else
      look();
    all_gone_ = all_gone_ && left_.empty();
  }

  /// The callers' route first, then, after a while, the workload, then the rest.
  /// After that while `go_on` may throw: somebody else may want the gateway by then.
  void remove_in_order(
      const std::vector<Member>& members, const mesh::Egress& egress,
      const std::function<void()>& go_on = [] {}) {
    for (const Stage stage : {Stage::callers, Stage::workload, Stage::foundation}) {
      std::vector<Member> wave;
      std::ranges::copy_if(members, std::back_inserter(wave),
                           [&](const Member& one) { return mesh::stage_of(one.reference, egress) == stage; });
      remove(wave);
      if (stage != Stage::callers || wave.empty()) continue;
      drain();
      go_on();
    }
  }

  /// False where something was not gone yet when it was looked at, once, without waiting.
  bool all_gone() const { return all_gone_; }

 private:
  kube::Call call(const Member& one) const {
    // What a Deployment or a Service owns goes before it, so that waiting for it is waiting for all of them.
    const kube::Kind& kind = one.reference.resource.kind;
    const bool owner = kind == kube::kinds::deployment || kind == kube::kinds::service;
    return kube::remove(one.reference.resource, one.reference.ns, one.reference.name,
                        {.uid = one.uid,
                         .version = one.version,
                         .foreground = owner && removing_.wait,
                         .dry_run = removing_.dry_run});
  }

  /// A 409 may say that another object of that name stands now: then this one is gone.
  bool was_replaced(const Member& member, const kube::Answer& answer) {
    if (answer.status != 409) return false;
    left_ = {{member, {}}};
    look();
    return left_.empty();
  }

  /// Callers are on their way elsewhere. That does not count as waiting for objects to go.
  void drain() {
    if (removing_.dry_run || !removing_.wait) return;
    deadline_ += removing_.drain;
    const auto end = steady_clock::now() + removing_.drain;
    while (steady_clock::now() < end) {
      stop_if_interrupted();
      reporter_.waiting("callers are going elsewhere");
      pause_for(longest_nap);
    }
  }

  void await_gone() {
    for (milliseconds pause(20);; pause = std::min(pause * 2, milliseconds(1000))) {
      look();
      if (left_.empty()) return;
      if (steady_clock::now() >= deadline_) throw Error(time_out());
      reporter_.waiting("waiting for " + left_.front().member.reference.label() + " to be gone");
      if (pause < longest_nap || !follow(left_.front().member)) pause_for(pause);
    }
  }

  /// Watches an object until it is gone, or time is up. False where that could not be.
  bool follow(const Member& member) {
    const mesh::Reference& reference = member.reference;
    kube::Watch watch(cluster_, reference.resource, reference.ns, reference.name,
                      [this](const Error& error) { reporter_.waiting(error.what()); });
    std::string uid = member.uid;
    bool stands = false;
    try {
      watch.follow(deadline_, [&](const kube::Change& change) {
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

  /// Takes out what is gone. Who may delete an object but not look at it cannot wait for it; any other answer
  /// says nothing of the object, which then counts as standing.
  void look() {
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

  std::string time_out() const {
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

  kube::Cluster& cluster_;
  const Removing& removing_;
  const Reporter& reporter_;
  Deadline deadline_;
  std::vector<Leaving> left_;
  bool all_gone_ = true;
};

/// A whole deletion, its record at both ends.
class GatewayRemoval {
 public:
  GatewayRemoval(kube::Cluster& cluster, const mesh::Record& record, const Removing& removing,
                 const Reporter& reporter)
      : cluster_(cluster),
        removing_(removing),
        record_(record),
        hold_(cluster, record_),
        removal_(cluster, removing, reporter) {}

  bool run() {
    if (!removing_.dry_run) mark();
    remove_standing();
    if (was_begun_) remove_standing();
    if (!removal_.all_gone()) return false;
    if (record_stands_) remove_record();
    return removal_.all_gone();
  }

 private:
  /// So that a deletion which is cut off is found again, and whoever else is at it stops. A record that is
  /// gone already needs no mark.
  void mark() {
    for (int attempt = 1;; ++attempt) {
      try {
        was_begun_ = was_begun_ || record_.operation != mesh::Operation::none;
        record_.operation = mesh::Operation::remove;
        return hold_.take(true);
      } catch (const HoldLost& lost) {
        record_stands_ = lost.now().has_value();
        if (!record_stands_) return;
        if (!removing_.take_over || attempt == attempts) throw;
        read_again();
      }
    }
  }

  void remove_standing() {
    removal_.remove_in_order(standing_members(cluster_, record_), record_.egress, [this] {
      if (record_stands_ && !removing_.dry_run) still_to_go();
    });
  }

  /// As it stands now, it may name more.
  void read_again() {
    const mesh::Egress egress = record_.egress;
    auto now = std::move(read_records(cluster_, {egress.name}, egress.ns).front());
    if (now) record_ = std::move(*now);
  }

  void remove_record() {
    const mesh::Reference reference{record_resource, record_.egress.ns,
                                    mesh::object_name(record_.egress.name)};
    for (int attempt = 1;; ++attempt) {
      try {
        return removal_.remove({{reference, record_.uid, record_.resource_version, {}}});
      } catch (const Error&) {
        if (removing_.dry_run || attempt == attempts) throw;
        if (!still_to_go()) return;
      }
    }
  }

  /// False where somebody else has deleted it. Whoever else deletes it wants the same.
  bool still_to_go() {
    try {
      hold_.confirm();
      return true;
    } catch (const HoldLost& lost) {
      if (!lost.now() || lost.now()->uid != record_.uid) return false;
      if (!lost.removed()) throw;
      record_.run = lost.now()->run;
      record_.resource_version = lost.now()->resource_version;
      return true;
    }
  }

  kube::Cluster& cluster_;
  const Removing& removing_;
  mesh::Record record_;
  Hold hold_;
  Removal removal_;
  bool record_stands_ = true;
  bool was_begun_ = false;  ///< somebody may be writing until he sees that it is not his to write any more
};

}  // namespace

void remove_members(kube::Cluster& cluster, const std::vector<Member>& members, const mesh::Egress& egress,
                    const Removing& removing, const Reporter& reporter) {
  Removal(cluster, removing, reporter).remove_in_order(members, egress);
}

bool remove(kube::Cluster& cluster, const mesh::Record& record, const Removing& removing,
            const Reporter& reporter) {
  return GatewayRemoval(cluster, record, removing, reporter).run();
}

}  // namespace egress::fleet
