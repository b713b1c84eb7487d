#include "egress/fleet/apply.hpp"

#include <algorithm>
#include <vector>

#include "egress/base/error.hpp"
#include "egress/base/interruption.hpp"
#include "egress/fleet/deletion.hpp"
#include "egress/fleet/gateway_lock.hpp"
#include "egress/fleet/hints.hpp"
#include "egress/fleet/live_member.hpp"
#include "egress/fleet/object_writer.hpp"
#include "egress/fleet/outcome.hpp"
#include "egress/fleet/remaining_objects.hpp"
#include "egress/fleet/rollback.hpp"
#include "egress/fleet/rollout_wait.hpp"
#include "egress/kube/managed_fields.hpp"
#include "egress/mesh/full_name.hpp"
#include "egress/mesh/names.hpp"

namespace egress::fleet {
namespace {

using mesh::full_name;
using mesh::Stage;
using Result = Outcome::Result;

const kube::Resource namespace_resource{kube::kinds::namespaces};
constexpr int conflict = 409;

std::string lines(const std::vector<mesh::Reference>& references) {
  std::string text;
  for (const mesh::Reference& one : references) text += "\n  " + full_name(one);
  return text;
}

mesh::Reference record_of(const mesh::Egress& egress) {
  return {mesh::record_resource, egress.ns, mesh::object_name(egress.name)};
}

/// One run of apply().
class Application {
 public:
  Application(kube::Cluster& cluster, mesh::Plan& plan, const ApplyOptions& options, const Reporter& reporter)
      : cluster_(cluster),
        plan_(plan),
        options_(options),
        reporter_(reporter),
        egress_(plan.record.egress),
        lock_(cluster, plan.record),
        deadline_(std::chrono::steady_clock::now() + options.timeout),
        writer_(cluster, lock_, {.force = options.force, .successor = plan.resumed, .deadline = deadline_},
                reporter) {}

  /// False where something that it no longer needs is not gone yet.
  bool run() {
    try {
      acquire_lock();
      outcome_.stage = Outcome::Stage::write;
      write(Stage::foundation, !serves_callers());
      write(Stage::workload);
      outcome_.stage = Outcome::Stage::wait;
      if (options_.wait) await_pods();
      outcome_.stage = Outcome::Stage::route;
      lock_.confirm();
      if (serves_callers()) write(Stage::routing);
      write(Stage::callers);
      outcome_.stage = Outcome::Stage::cleanup;
      delete_obsolete_members();
      outcome_.stage = Outcome::Stage::finish;
      complete_record();
      return pending_deletions_.empty();
    } catch (const RolloutTimeout& timeout) {
      store_written();
      throw failed(Error(full_name(egress_) + " is not ready: timed out waiting for its pods: " +
                             timeout.reason + "\n" + waiting_text(),
                         "find the reason: " + inspect_command(egress_) + "\n  " + continue_hint(),
                         reason::pods_not_ready),
                   Result::incomplete, possible_remains());
    } catch (const CleanupError& cleanup) {
      store_written();
      const RemainingObjects remaining = find_remaining();
      throw failed(Error(full_name(egress_) + " was applied, but " + cleanup.reason, continue_hint(),
                         cleanup.error.reason(), cleanup.error.causes()),
                   remaining.known ? Result::incomplete : Result::unknown, remaining.objects);
    } catch (const LockLost& lost) {
      store_written();
      yield_to(lost);
    } catch (const Error& error) {
      store_written();
      fail(error);
    }
  }

 private:
  struct RolloutTimeout {
    std::string reason;
  };
  struct CleanupError {
    std::string reason;
    Error error;
  };

  void acquire_lock() {
    lock_.acquire(plan_.previous.has_value());
    has_lock_ = true;
    reporter_.on_write(record_of(egress_), plan_.previous ? "configured" : "created");
  }

  void write(Stage stage, bool with_routing = false) {
    std::vector<mesh::Object*> wave;
    for (mesh::Object& one : plan_.objects) {
      if (one.stage != stage && !(with_routing && one.stage == Stage::routing)) continue;
      if (one.unchanged)
        reporter_.on_write(one.reference, "unchanged");
      else
        wave.push_back(&one);
    }
    writer_.write(std::move(wave));
  }

  /// Somebody may delete the gateway meanwhile: then there is nothing to wait for.
  void await_pods() {
    const mesh::Object& deployment = plan_.deployment();
    const std::string fault = options_.together != nullptr
                                  ? options_.together->await(deployment, deadline_, reporter_)
                                  : wait_for_rollout(cluster_, deployment, deadline_, reporter_);
    if (fault.empty()) return;
    lock_.confirm();
    throw RolloutTimeout{fault};
  }

  /// Members of the gateway as it stood that the new one has no more.
  void delete_obsolete_members() {
    mesh::Record stale;
    stale.egress = egress_;
    stale.members = plan_.obsolete_members();
    if (stale.members.empty()) return;
    // From here on there is no way back: what goes was not kept.
    deletes_obsolete_ = true;
    try {
      pending_deletions_ = delete_members(
                               cluster_, stale, {.wait = options_.wait, .timeout = left()},
                               [this] { lock_.confirm(); }, reporter_)
                               .left;
    } catch (const LockLost&) {
      throw;
    } catch (const Error& error) {
      throw CleanupError{"some obsolete objects could not be deleted: " + error.text(), error};
    }
  }

  /// What a wait may still take.
  std::chrono::milliseconds left() const {
    const auto left = deadline_ - std::chrono::steady_clock::now();
    return std::max(std::chrono::duration_cast<std::chrono::milliseconds>(left),
                    std::chrono::milliseconds(0));
  }

  /// The record of a gateway that is whole: exactly its objects, and what of them is this tool's; and what is
  /// on its way out, so that it is looked for.
  mesh::Record completed_record() const {
    mesh::Record record = plan_.record;
    record.operation = mesh::Operation::none;
    record.members.clear();
    record.applied_digests.clear();
    for (const mesh::Object& one : plan_.objects) {
      record.members.push_back(one.reference);
      record.applied_digests.push_back(applied_of(one));
    }
    for (const mesh::Reference& one : pending_deletions_) {
      record.members.push_back(one);
      record.applied_digests.emplace_back(mesh::pending_deletion);
    }
    return record;
  }

  /// The digest in the record, for an object that was neither written nor read.
  std::string applied_of(const mesh::Object& one) const {
    const Json& metadata = one.last_seen.is_null() ? one.live["metadata"] : one.last_seen;
    if (!metadata.is_null() || !plan_.previous) return kube::applied_digest(metadata, kube::field_manager);
    return mesh::applied_digest_of(*plan_.previous, one.reference);
  }

  /// Takes the operation off the record.
  void complete_record() {
    try {
      lock_.rewrite(completed_record());
    } catch (const LockLost&) {
      throw;
    } catch (const Error& error) {
      if (!deletes_obsolete_ && dynamic_cast<const InterruptedError*>(&error) != nullptr) throw;
      throw CleanupError{"its record could not be updated: " + error.text(), error};
    }
  }

  /// Another run has the lock: deletes this run's objects, except those that the other run uses.
  [[noreturn]] void yield_to(const LockLost& lost) {
    const bool undone = has_lock_ && delete_own_objects(lost);
    const bool nothing_else = lost.removed() && !had_previous_state();
    outcome_.continue_with = inspect_command(egress_);
    // The deletion by the other run, or what is undone here, takes all of it.
    if (has_lock_ && nothing_else) outcome_.rolled_back = outcome_.written;
    throw failed(
        lost.what() + std::string(undone ? "\nThe objects that this command created were deleted." : ""),
        lost, lost.hint(),
        !has_lock_     ? Result::unchanged
        : nothing_else ? Result::rolled_back
                       : Result::unknown);
  }

  bool delete_own_objects(const LockLost& lost) {
    mesh::Record mine;
    mine.egress = egress_;
    for (const mesh::Object& one : plan_.objects) {
      const bool made = one.created || (lost.removed() && !had_previous_state() && !one.adopted);
      const bool theirs = !lost.removed() &&
                          std::ranges::find(lost.now()->members, one.reference) != lost.now()->members.end();
      if (made && !theirs) mine.members.push_back(one.reference);
    }
    const std::function<void()> confirm = [&] { lock_.confirm_lost(lost); };
    const Reporter reporter = reporter_of_rollback(reporter_);
    try {
      if (lost.removed() && !had_previous_state()) restore_adopted(cluster_, plan_, confirm, reporter);
      return delete_members(cluster_, mine, {}, confirm, reporter).any;
    } catch (const Error& error) {
      const RemainingObjects remaining = find_remaining();
      throw failed(std::string(lost.what()) +
                       "\nThe objects that this command wrote could not be rolled back: " + error.text() +
                       named(remaining),
                   lost, continue_hint(), Result::unknown, remaining.objects);
    }
  }

  /// Rolls back what this run wrote, except on top of an interrupted command; reports what remains.
  [[noreturn]] void fail(const Error& why) {
    if (interruption_count() > 1)
      throw unfinished(why, "The command was interrupted again, and nothing was rolled back.");
    try {
      lock_.confirm();
    } catch (const LockLost& lost) {
      if (has_lock_) yield_to(lost);
      throw failed(failure(why) + "Nothing was written.", why, "", Result::unchanged);
    } catch (const Error& error) {
      throw not_undone(why, error);
    }
    has_lock_ = true;  // the record says so, whatever became of the answer
    store_written();
    if (plan_.resumed)
      throw unfinished(why, "Nothing was rolled back: an interrupted command had written before.");
    if (!options_.rollback) throw unfinished(why, "Nothing was rolled back (--no-rollback).");
    const auto others = roll_back_changes(why);
    if (had_previous_state()) outcome_.rolled_back.push_back(record_of(egress_));
    throw failed(
        failure(why) + "All changes were rolled back" +
            (others.empty() ? "." : ", except for objects that others changed meanwhile:" + lines(others)),
        why, "", Result::rolled_back);
  }

  /// Returns the objects that were not rolled back, because they have another owner now.
  std::vector<mesh::Reference> roll_back_changes(const Error& why) {
    try {
      return fleet::roll_back(cluster_, plan_, options_.force, reporter_of_rollback({}));
    } catch (const LockLost& lost) {
      yield_to(lost);
    } catch (const Error& error) {
      throw not_undone(why, error);
    }
  }

  Reporter reporter_of_rollback(const Reporter& also) {
    Reporter reporter = also;
    reporter.on_write = [this, also](const mesh::Reference& one, const std::string& verb) {
      writer_.forget(one);
      outcome_.rolled_back.push_back(one);
      also.on_write(one, verb);
    };
    return reporter;
  }

  /// True if the current pods serve callers: they stay in use until there are pods for the new state. If no
  /// pod is available, the new routing may be what the pods need to become ready.
  bool serves_callers() const {
    const Json& status = plan_.deployment().live["status"];
    return had_previous_state() && status["availableReplicas"].as_integer() > 0;
  }
  const char* waiting_text() const {
    if (serves_callers())
      return "Traffic still uses the previous configuration; the new routing was not written.";
    if (had_previous_state())
      return "The gateway had no ready pods, so its routing was written already; the callers' route is "
             "unchanged.";
    return "No traffic is routed to the gateway yet.";
  }

  /// There is something to go back to.
  bool had_previous_state() const {
    return plan_.previous && plan_.previous->operation != mesh::Operation::create;
  }

  void store_written() {
    outcome_.written.clear();
    if (!has_lock_) return;
    outcome_.written.push_back(record_of(egress_));
    std::ranges::copy(writer_.possibly_written(), std::back_inserter(outcome_.written));
  }

  /// What this run wrote or may have written and did not take back, and of a gateway that was begun what
  /// stood of it before.
  std::vector<mesh::Reference> possible_remains() const {
    std::vector<mesh::Reference> all{record_of(egress_)};
    std::ranges::copy(writer_.possibly_written(), std::back_inserter(all));
    for (const mesh::Object& one : plan_.objects)
      if (plan_.resumed && !one.live.is_null() && std::ranges::find(all, one.reference) == all.end())
        all.push_back(one.reference);
    for (const mesh::Reference& one :
         deletes_obsolete_ ? plan_.obsolete_members() : std::vector<mesh::Reference>())
      all.push_back(one);
    return all;
  }

  RemainingObjects find_remaining() const {
    return fleet::find_remaining(cluster_, egress_, possible_remains());
  }
  static std::string named(const RemainingObjects& remaining) {
    if (remaining.objects.empty()) return " None of the objects exists any more.";
    return "\nThese objects may still exist:" + lines(remaining.objects);
  }

  /// The namespace is kept, because others may be using it by now.
  OperationFailed failed(std::string text, const Error& why, const std::string& hint, Result result,
                         std::vector<mesh::Reference> remaining = {}) const {
    if (options_.created_namespace)
      text += "\nnamespace/" + egress_.ns +
              ", which this command created, was kept; delete it with: " + delete_namespace_command(egress_);
    return failed(Error(text, hint, why.reason(), why.causes()), result, std::move(remaining));
  }
  OperationFailed failed(const Error& error, Result result, std::vector<mesh::Reference> remaining) const {
    Outcome outcome = outcome_;
    outcome.result = result;
    outcome.remaining = std::move(remaining);
    if (options_.created_namespace) add_created_namespace(outcome, egress_.ns);
    return {error, std::move(outcome)};
  }
  std::string failure(const Error& why) const {
    const std::string verb = had_previous_state() ? "changed" : "created";
    return full_name(egress_) + " could not be " + verb + ": " + why.text() + "\n";
  }
  OperationFailed unfinished(const Error& why, const std::string& what_was_done) {
    const RemainingObjects remaining = find_remaining();
    const bool nothing = remaining.objects.empty() && !had_previous_state();
    return failed(failure(why) + what_was_done + named(remaining), why, continue_hint(),
                  !remaining.known ? Result::unknown
                  : nothing        ? Result::rolled_back
                                   : Result::incomplete,
                  remaining.objects);
  }
  OperationFailed not_undone(const Error& why, const Error& error) {
    return unfinished(why, "The rollback failed, too: " + error.text());
  }
  std::string continue_hint() const {
    return "to continue, run the same command again; to delete the gateway: " + delete_command(egress_);
  }

  kube::Cluster& cluster_;
  mesh::Plan& plan_;
  const ApplyOptions& options_;
  const Reporter& reporter_;
  const mesh::Egress& egress_;
  GatewayLock lock_;
  Deadline deadline_;
  ObjectWriter writer_;
  bool has_lock_ = false;
  bool deletes_obsolete_ = false;                   ///< from members that it is no longer made of
  std::vector<mesh::Reference> pending_deletions_;  ///< those of them that are not gone yet
  Outcome outcome_{.stage = Outcome::Stage::lock};
};

}  // namespace

void add_created_namespace(Outcome& outcome, const std::string& ns) {
  const mesh::Reference made{namespace_resource, "", ns};
  outcome.written.insert(outcome.written.begin(), made);
  outcome.remaining.insert(outcome.remaining.begin(), made);
  if (outcome.result != Result::unknown) outcome.result = Result::incomplete;
}

bool create_namespace(kube::Cluster& cluster, const std::string& name, bool dry_run) {
  const Json body = mesh::namespace_manifest(name);
  const auto answer = cluster.send(kube::create(namespace_resource, "", body, {.dry_run = dry_run}));
  if (answer.status == conflict) return false;
  answer.value();
  return true;
}

bool apply(kube::Cluster& cluster, mesh::Plan& plan, const ApplyOptions& options, const Reporter& reporter) {
  return Application(cluster, plan, options, reporter).run();
}

}  // namespace egress::fleet
