#include "egress/fleet/deletion.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <utility>

#include "egress/base/error.hpp"
#include "egress/base/error_list.hpp"
#include "egress/base/interruption.hpp"
#include "egress/base/tasks.hpp"
#include "egress/fleet/deletion_wait.hpp"
#include "egress/fleet/gateway_lock.hpp"
#include "egress/fleet/hints.hpp"
#include "egress/fleet/inventory.hpp"
#include "egress/fleet/live_member.hpp"
#include "egress/mesh/names.hpp"

namespace egress::fleet {
namespace {

using mesh::Stage;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

const kube::Resource record_resource{kube::kinds::config_map};
constexpr int conflict = 409;
constexpr milliseconds longest_nap{200};
constexpr int attempts = 6;

std::vector<LiveMember> alone(std::vector<LiveMember> members) {
  for (LiveMember& one : members) one.derived.clear();
  return members;
}

bool is_among(const std::vector<mesh::Reference>& all, const mesh::Reference& one) {
  return std::ranges::find(all, one) != all.end();
}

/// What is known of a gateway that goes.
struct PendingDeletion {
  bool marked = false;  ///< its record is marked: a run that takes the lock gives each object a new version
  bool callers_leave = false;  ///< the route may have gone a moment ago, by a run that was cut off
};

/// One run of delete_gateway().
class ObjectDeletion {
 public:
  ObjectDeletion(kube::Cluster& cluster, const DeleteOptions& options, const Reporter& reporter)
      : cluster_(cluster),
        options_(options),
        reporter_(reporter),
        deadline_(steady_clock::now() + options.timeout) {}

  /// Deletes objects together and waits for it. Each is deleted only in the version that was read last,
  /// because a run that takes the lock gives it a new version; `confirm` throws then.
  void remove(const std::vector<LiveMember>& members, const std::function<void()>& confirm) {
    if (members.empty()) return;
    std::vector<LiveMember> wave = members;
    std::vector<LiveMember> pending;
    for (int attempt = 1; !wave.empty(); ++attempt) {
      wave = ask(wave, attempt == attempts, pending);
      if (wave.empty()) break;
      DeletionWait changed(cluster_, reporter_, alone(std::move(wave)));
      changed.look();
      confirm();
      wave = changed.left();
    }
    if (!options_.dry_run) see_off(pending);
  }

  /// The callers' route first, then, after a while, the workload, then the rest.
  void remove_in_order(const std::vector<LiveMember>& members, const mesh::Egress& egress,
                       const std::function<void()>& confirm, PendingDeletion pending = {}) {
    std::map<Stage, std::vector<LiveMember>> stages;
    for (const LiveMember& one : members) {
      const Stage stage = mesh::stage_of(one.reference, egress);
      // Without pods the order of all the rest is the same to everybody.
      stages[stage == Stage::routing ? Stage::foundation : stage].push_back(one);
    }
    stage_ = Outcome::Stage::unroute;
    remove(stages[Stage::callers], confirm);
    const bool callers_leave =
        !stages[Stage::callers].empty() || (pending.callers_leave && !stages[Stage::workload].empty());
    stage_ = Outcome::Stage::drain;
    if (callers_leave && (drain() || !pending.marked)) confirm();
    stage_ = Outcome::Stage::remove;
    remove(stages[Stage::workload], confirm);
    remove(stages[Stage::foundation], confirm);
  }

  /// What was not gone yet when it was looked at, once, without waiting.
  const std::vector<mesh::Reference>& left() const { return left_; }
  /// What the server was asked to delete, and agreed to.
  const std::vector<mesh::Reference>& deleted() const { return deleted_; }
  /// What the server says is gone.
  const std::vector<mesh::Reference>& gone() const { return gone_; }
  /// True once the server was asked to delete anything.
  bool has_asked() const { return has_asked_; }
  Outcome::Stage stage() const { return stage_; }

 private:
  kube::Call call(const LiveMember& one) const {
    // What a Deployment or a Service owns goes before it, so that waiting for it is waiting for all of them.
    const kube::Kind& kind = one.reference.resource.kind;
    const bool owner = kind == kube::kinds::deployment || kind == kube::kinds::service;
    return kube::remove(one.reference.resource, one.reference.ns, one.reference.name,
                        {.uid = one.uid,
                         .version = one.version,
                         .foreground = owner && options_.wait,
                         .dry_run = options_.dry_run});
  }

  /// An object that is gone at once is answered with a Status, and one that stays for a while as it is then
  /// (k8s.io/apiserver, registry/generic/registry/store.go, 1.20: finalizeDelete; some kinds as they were).
  bool is_gone(const LiveMember& one, const kube::Answer& answer) const {
    const bool alone = one.derived.empty() || !options_.wait;
    return alone && (answer.not_found() || answer.body["kind"].as_string() == "Status");
  }

  /// Those that are not as they were last seen, or not the same objects any more. What may not be gone yet is
  /// put to `pending`.
  std::vector<LiveMember> ask(const std::vector<LiveMember>& wave, bool last,
                              std::vector<LiveMember>& pending) {
    std::vector<kube::Call> calls;
    for (const LiveMember& one : wave) calls.push_back(call(one));
    has_asked_ = true;
    const auto answers = cluster_.send(calls);
    std::vector<LiveMember> changed;
    ErrorList faults;
    for (std::size_t i = 0; i < wave.size(); ++i) {
      if (answers[i].ok() || answers[i].not_found()) {
        deleted_.push_back(wave[i].reference);
        reporter_.on_write(wave[i].reference, "deleted");
        if (is_gone(wave[i], answers[i]))
          gone_.push_back(wave[i].reference);
        else
          pending.push_back(wave[i]);
      } else if (answers[i].status == conflict && !last) {
        changed.push_back(wave[i]);
      } else {
        faults.add(*answers[i].error);
      }
    }
    if (!faults.empty()) throw faults.to_error("not everything could be deleted:\n  ", "\n  ");
    return changed;
  }

  void see_off(const std::vector<LiveMember>& members) {
    if (members.empty()) return;
    DeletionWait wait(cluster_, reporter_, options_.wait ? members : alone(members));
    if (options_.wait)
      wait.await(deadline_);
    else
      wait.look();
    for (const LiveMember& one : wait.left()) left_.push_back(one.reference);
    for (const LiveMember& one : members)
      if (!is_among(left_, one.reference)) gone_.push_back(one.reference);
  }

  /// Callers are on their way elsewhere. That does not count as waiting for objects to go. False where no
  /// time passed.
  bool drain() {
    if (options_.dry_run || !options_.wait || options_.drain.count() == 0) return false;
    deadline_ += options_.drain;
    const auto end = steady_clock::now() + options_.drain;
    while (steady_clock::now() < end) {
      throw_if_interrupted();
      reporter_.on_wait("routes deleted, draining callers");
      sleep_for(longest_nap);
    }
    return true;
  }

  kube::Cluster& cluster_;
  DeleteOptions options_;
  const Reporter& reporter_;
  Deadline deadline_;
  std::vector<mesh::Reference> left_;
  std::vector<mesh::Reference> deleted_;
  std::vector<mesh::Reference> gone_;
  bool has_asked_ = false;
  Outcome::Stage stage_ = Outcome::Stage::lock;
};

/// A whole deletion, its record at both ends.
class GatewayRemoval {
 public:
  GatewayRemoval(kube::Cluster& cluster, const mesh::Record& record, const DeleteOptions& options,
                 const Reporter& reporter, const MemberMetadataList& seen)
      : cluster_(cluster),
        options_(options),
        record_(record),
        lock_(cluster, record_),
        deletion_(cluster, options, reporter),
        record_stands_(!record.uid.empty()) {
    // Of a gateway that somebody may be at, what was seen before he stops tells nothing.
    if (record_stands_ && record.operation == mesh::Operation::none) seen_ = seen;
  }

  bool run() {
    if (!options_.dry_run && record_stands_) mark();
    remove_standing();
    if (was_begun_) remove_standing();
    if (!deletion_.left().empty()) return false;
    is_finishing_ = true;
    if (record_stands_) remove_record();
    return deletion_.left().empty();
  }

  /// After a run that did not fail.
  Outcome outcome() const {
    Outcome outcome{.deleted = deletion_.deleted(), .remaining = deletion_.left()};
    outcome.result = outcome.remaining.empty() ? Outcome::Result::succeeded : Outcome::Result::incomplete;
    if (!outcome.remaining.empty() && record_stands_ && !is_finishing_)
      outcome.remaining.push_back(record_reference());
    return outcome;
  }

  /// After a run that failed: looks once at what remains, unless it is to stop at once.
  OperationFailed failure(const Error& error) {
    Outcome outcome{.deleted = deletion_.deleted()};
    outcome.stage = is_finishing_ ? Outcome::Stage::finish : deletion_.stage();
    if (!options_.dry_run && (is_marking_ || deletion_.has_asked())) {
      const bool is_lost = error.reason() == reason::lock_lost;
      if (is_lost) outcome.continue_with = inspect_command(record_.egress);
      add_remaining(outcome, !is_lost && interruption_count() <= 1);
      if (is_lost && !is_marked_) outcome = {.stage = outcome.stage};
    }
    return {error, std::move(outcome)};
  }

 private:
  mesh::Reference record_reference() const {
    return {record_resource, record_.egress.ns, mesh::object_name(record_.egress.name)};
  }

  void add_remaining(Outcome& outcome, bool may_ask) {
    outcome.result = Outcome::Result::unknown;
    outcome.remaining = mesh::deletion_order(record_);
    std::erase_if(outcome.remaining, [&](const auto& one) { return is_among(deletion_.gone(), one); });
    if (!may_ask) return;
    try {
      const auto now = std::move(read_records(cluster_, {record_.egress.name}, record_.egress.ns).front());
      std::vector<mesh::Reference> left;
      for (const LiveMember& one : live_members(cluster_, record_)) left.push_back(one.reference);
      if (now) left.push_back(record_reference());
      // Nobody answered whether the record was marked, and it was not.
      const bool untouched = !is_marked_ && !deletion_.has_asked() && now && now->holder != record_.holder;
      outcome.remaining = untouched ? std::vector<mesh::Reference>() : left;
      outcome.result = untouched      ? Outcome::Result::unchanged
                       : left.empty() ? Outcome::Result::succeeded
                                      : Outcome::Result::incomplete;
    } catch (const Error&) {
      // Then any of it may remain.
    }
  }

  /// Marks the record, so that an interrupted delete can be continued and other runs stop. A record that is
  /// already deleted needs no mark.
  void mark() {
    for (int attempt = 1;; ++attempt) {
      try {
        was_begun_ = was_begun_ || record_.operation != mesh::Operation::none;
        was_leaving_ = was_leaving_ || record_.operation == mesh::Operation::remove;
        record_.operation = mesh::Operation::remove;
        is_marking_ = true;
        lock_.acquire(true);
        is_marked_ = true;
        return;
      } catch (const LockLost& lost) {
        seen_.clear();
        record_stands_ = lost.now().has_value();
        if (!record_stands_) return;
        if (!options_.take_over || attempt == attempts) throw;
        reload_record();
      }
    }
  }

  /// What is seen before a look at the record says that the gateway is still to go is not seen as a successor
  /// wrote it. Nor is what was seen when nobody had it, and until this run marked it nobody did.
  void remove_standing() {
    const auto confirm = [this] {
      if (!options_.dry_run) needs_deletion();
    };
    const MemberMetadataList seen = std::exchange(seen_, {});
    const auto members = live_members(cluster_, record_, seen);
    if (!has_all_metadata(record_, seen)) confirm();
    deletion_.remove_in_order(members, record_.egress, confirm,
                              {.marked = record_stands_, .callers_leave = was_leaving_});
  }

  /// The current record may list more members.
  void reload_record() {
    const mesh::Egress egress = record_.egress;
    auto now = std::move(read_records(cluster_, {egress.name}, egress.ns).front());
    if (now) record_ = std::move(*now);
  }

  void remove_record() {
    for (int attempt = 1;; ++attempt) {
      try {
        return deletion_.remove({{record_reference(), record_.uid, record_.resource_version, {}}},
                                [this] { needs_deletion(); });
      } catch (const LockLost& lost) {
        // This one is gone all the same.
        if (lost.now() && lost.now()->uid != record_.uid) return;
        throw;
      } catch (const Error&) {
        if (options_.dry_run || attempt == attempts) throw;
        if (!needs_deletion()) return;
      }
    }
  }

  /// Returns false if the record was deleted by another run. Throws LockLost if another run took the lock or
  /// created the gateway again.
  bool needs_deletion() {
    try {
      lock_.confirm();
      return true;
    } catch (const LockLost& lost) {
      if (!lost.now()) return false;
      if (!lost.removed() || lost.now()->uid != record_.uid) throw;
      record_.holder = lost.now()->holder;
      record_.resource_version = lost.now()->resource_version;
      return true;
    }
  }

  kube::Cluster& cluster_;
  const DeleteOptions& options_;
  mesh::Record record_;
  GatewayLock lock_;
  ObjectDeletion deletion_;
  MemberMetadataList seen_;  ///< of the record's members, as long as they tell anything
  bool record_stands_;
  bool was_begun_ = false;     ///< somebody may be writing until he sees that it is not his to write any more
  bool was_leaving_ = false;   ///< by a deletion that was cut off
  bool is_marking_ = false;    ///< the server was asked to mark the record
  bool is_marked_ = false;     ///< and did
  bool is_finishing_ = false;  ///< all but the record is gone
};

}  // namespace

DeleteResult delete_members(kube::Cluster& cluster, const mesh::Record& record, const DeleteOptions& options,
                            const std::function<void()>& confirm, const Reporter& reporter) {
  const auto members = live_members(cluster, record);
  if (members.empty()) return {};
  confirm();
  ObjectDeletion removal(cluster, options, reporter);
  removal.remove_in_order(members, record.egress, confirm);
  return {true, removal.left()};
}

bool delete_gateway(kube::Cluster& cluster, const mesh::Record& record, const DeleteOptions& options,
                    const Reporter& reporter, const MemberMetadataList& seen) {
  return GatewayRemoval(cluster, record, options, reporter, seen).run();
}

Outcome delete_with_outcome(kube::Cluster& cluster, const mesh::Record& record, const DeleteOptions& options,
                            const Reporter& reporter, const MemberMetadataList& seen) {
  GatewayRemoval removal(cluster, record, options, reporter, seen);
  try {
    removal.run();
    return removal.outcome();
  } catch (const Error& error) {
    throw removal.failure(error);
  }
}

}  // namespace egress::fleet
