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

using mesh::Stage;
using Result = Outcome::Result;

const kube::Resource namespace_resource{kube::kinds::namespaces};
constexpr int conflict = 409;

std::string lines(const std::vector<mesh::Reference>& references) {
  std::string text;
  for (const mesh::Reference& one : references) text += "\n  " + mesh::full_name(one);
  return text;
}

mesh::Reference record_of(const mesh::Egress& egress) {
  return {mesh::record_resource, egress.ns, mesh::object_name(egress.name)};
}

/// One run of apply().
class Application {
 public:
  Application(kube::Cluster& cluster, mesh::Plan& plan, const ApplyOptions& applying,
              const Reporter& reporter)
      : cluster_(cluster),
        plan_(plan),
        applying_(applying),
        reporter_(reporter),
        egress_(plan.record.egress),
        hold_(cluster, plan.record),
        deadline_(std::chrono::steady_clock::now() + applying.timeout),
        writer_(cluster, hold_, {.force = applying.force, .successor = plan.resumed, .deadline = deadline_},
                reporter) {}

  /// False where something that it no longer needs is not gone yet.
  bool run() {
    try {
      claim();
      outcome_.stage = Outcome::Stage::write;
      write(Stage::foundation, !in_use());
      write(Stage::workload);
      outcome_.stage = Outcome::Stage::wait;
      if (applying_.wait) await_pods();
      outcome_.stage = Outcome::Stage::route;
      hold_.confirm();
      if (in_use()) write(Stage::routing);
      write(Stage::callers);
      outcome_.stage = Outcome::Stage::cleanup;
      remove_what_is_no_longer_needed();
      outcome_.stage = Outcome::Stage::finish;
      settle();
      return going_.empty();
    } catch (const Unready& late) {
      note_written();
      throw failed(
          Error(mesh::full_name(egress_) + " is not ready: timed out waiting for its pods: " + late.fault +
                    "\n" + what_waits(),
                "find the reason: " + inspect_command(egress_) + "\n  " + ways_on(), reason::pods_not_ready),
          Result::incomplete, may_remain());
    } catch (const Unsettled& unsettled) {
      note_written();
      const RemainingObjects remaining = find_remaining();
      throw failed(Error(mesh::full_name(egress_) + " was applied, but " + unsettled.fault, ways_on(),
                         unsettled.why.reason(), unsettled.why.causes()),
                   remaining.known ? Result::incomplete : Result::unknown, remaining.objects);
    } catch (const LockLost& lost) {
      note_written();
      leave_to(lost);
    } catch (const Error& error) {
      note_written();
      give_up(error);
    }
  }

 private:
  struct Unready {
    std::string fault;
  };
  struct Unsettled {
    std::string fault;
    Error why;
  };

  void claim() {
    hold_.take(plan_.previous.has_value());
    claimed_ = true;
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
    const std::string fault = applying_.together != nullptr
                                  ? applying_.together->await(deployment, deadline_, reporter_)
                                  : wait_for_rollout(cluster_, deployment, deadline_, reporter_);
    if (fault.empty()) return;
    hold_.confirm();
    throw Unready{fault};
  }

  /// Members of the gateway as it stood that the new one has no more.
  void remove_what_is_no_longer_needed() {
    mesh::Record stale;
    stale.egress = egress_;
    stale.members = plan_.obsolete_members();
    if (stale.members.empty()) return;
    // From here on there is no way back: what goes was not kept.
    parted_ = true;
    try {
      going_ = delete_members(
                   cluster_, stale, {.wait = applying_.wait, .timeout = left()}, [this] { hold_.confirm(); },
                   reporter_)
                   .left;
    } catch (const LockLost&) {
      throw;
    } catch (const Error& error) {
      throw Unsettled{"some obsolete objects could not be deleted: " + error.text(), error};
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
  mesh::Record settled() const {
    mesh::Record record = plan_.record;
    record.operation = mesh::Operation::none;
    record.members.clear();
    record.applied_digests.clear();
    for (const mesh::Object& one : plan_.objects) {
      record.members.push_back(one.reference);
      record.applied_digests.push_back(applied_of(one));
    }
    for (const mesh::Reference& one : going_) {
      record.members.push_back(one);
      record.applied_digests.emplace_back(mesh::pending_deletion);
    }
    return record;
  }

  /// Of what was neither written nor looked at the record that stands says it.
  std::string applied_of(const mesh::Object& one) const {
    const Json& metadata = one.last_seen.is_null() ? one.live["metadata"] : one.last_seen;
    if (!metadata.is_null() || !plan_.previous) return kube::applied_digest(metadata, kube::field_manager);
    return mesh::applied_digest_of(*plan_.previous, one.reference);
  }

  /// Takes the operation off the record.
  void settle() {
    try {
      hold_.rewrite(settled());
    } catch (const LockLost&) {
      throw;
    } catch (const Error& error) {
      if (!parted_ && dynamic_cast<const InterruptedError*>(&error) != nullptr) throw;
      throw Unsettled{"its record could not be updated: " + error.text(), error};
    }
  }

  /// Somebody else decides over the gateway by now. Where it is gone, or is to go, what this run made of it
  /// goes, too; else what it made and the others do not know of.
  [[noreturn]] void leave_to(const LockLost& lost) {
    const bool undone = claimed_ && take_back_for(lost);
    const bool nothing_else = lost.removed() && !was_whole();
    outcome_.continue_with = inspect_command(egress_);
    // The deletion by the other run, or what is undone here, takes all of it.
    if (claimed_ && nothing_else) outcome_.rolled_back = outcome_.written;
    throw failed(
        lost.what() + std::string(undone ? "\nThe objects that this command created were deleted." : ""),
        lost, lost.hint(),
        !claimed_      ? Result::unchanged
        : nothing_else ? Result::rolled_back
                       : Result::unknown);
  }

  bool take_back_for(const LockLost& lost) {
    mesh::Record mine;
    mine.egress = egress_;
    for (const mesh::Object& one : plan_.objects) {
      const bool made = one.created || (lost.removed() && !was_whole() && !one.adopted);
      const bool theirs = !lost.removed() &&
                          std::ranges::find(lost.now()->members, one.reference) != lost.now()->members.end();
      if (made && !theirs) mine.members.push_back(one.reference);
    }
    const std::function<void()> confirm = [&] { hold_.confirm_lost(lost); };
    const Reporter reporter = noting_what_is_undone(reporter_);
    try {
      if (lost.removed() && !was_whole()) restore_adopted(cluster_, plan_, confirm, reporter);
      return delete_members(cluster_, mine, {}, confirm, reporter).any;
    } catch (const Error& error) {
      const RemainingObjects remaining = find_remaining();
      throw failed(std::string(lost.what()) +
                       "\nThe objects that this command wrote could not be rolled back: " + error.text() +
                       named(remaining),
                   lost, ways_on(), Result::unknown, remaining.objects);
    }
  }

  /// Undoes what this run wrote, where what stood before was whole or nothing; says what stands.
  [[noreturn]] void give_up(const Error& why) {
    if (interruption_count() > 1)
      throw unfinished(why, "The command was interrupted again, and nothing was rolled back.");
    try {
      hold_.confirm();
    } catch (const LockLost& lost) {
      if (claimed_) leave_to(lost);
      throw failed(failure(why) + "Nothing was written.", why, "", Result::unchanged);
    } catch (const Error& error) {
      throw not_undone(why, error);
    }
    claimed_ = true;  // the record says so, whatever became of the answer
    note_written();
    if (plan_.resumed)
      throw unfinished(why,
                       "Nothing was rolled back, because an interrupted command had written objects before.");
    if (!applying_.rollback) throw unfinished(why, "Nothing was rolled back (--no-rollback).");
    const auto others = take_back(why);
    if (was_whole()) outcome_.rolled_back.push_back(record_of(egress_));
    throw failed(
        failure(why) +
            (was_whole() ? "All changes were rolled back" : "The objects that were created were deleted") +
            (others.empty() ? "." : ", except for objects that others changed meanwhile:" + lines(others)),
        why, "", Result::rolled_back);
  }

  /// What was not, because somebody else has it by now.
  std::vector<mesh::Reference> take_back(const Error& why) {
    try {
      return fleet::roll_back(cluster_, plan_, applying_.force, noting_what_is_undone({}));
    } catch (const LockLost& lost) {
      leave_to(lost);
    } catch (const Error& error) {
      throw not_undone(why, error);
    }
  }

  Reporter noting_what_is_undone(const Reporter& also) {
    Reporter reporter = also;
    reporter.on_write = [this, also](const mesh::Reference& one, const std::string& verb) {
      writer_.forget(one);
      outcome_.rolled_back.push_back(one);
      also.on_write(one, verb);
    };
    return reporter;
  }

  /// Whoever uses what stands goes on with it until there are pods for the new one. Where there are none
  /// anyway, it may be the routing that keeps them from being ready.
  bool in_use() const {
    const Json& status = plan_.deployment().live["status"];
    return was_whole() && status["availableReplicas"].as_integer() > 0;
  }
  const char* what_waits() const {
    if (in_use()) return "Traffic still uses the previous configuration; the new routing was not written.";
    if (was_whole())
      return "The gateway had no ready pods, so its routing was written already; the callers' route is "
             "unchanged.";
    return "No traffic is routed to the gateway yet.";
  }

  /// There is something to go back to.
  bool was_whole() const { return plan_.previous && plan_.previous->operation != mesh::Operation::create; }

  void note_written() {
    outcome_.written.clear();
    if (!claimed_) return;
    outcome_.written.push_back(record_of(egress_));
    std::ranges::copy(writer_.may_stand(), std::back_inserter(outcome_.written));
  }

  /// What this run wrote or may have written and did not take back, and of a gateway that was begun what
  /// stood of it before.
  std::vector<mesh::Reference> may_remain() const {
    std::vector<mesh::Reference> all{record_of(egress_)};
    std::ranges::copy(writer_.may_stand(), std::back_inserter(all));
    for (const mesh::Object& one : plan_.objects)
      if (plan_.resumed && !one.live.is_null() && std::ranges::find(all, one.reference) == all.end())
        all.push_back(one.reference);
    for (const mesh::Reference& one : parted_ ? plan_.obsolete_members() : std::vector<mesh::Reference>())
      all.push_back(one);
    return all;
  }

  RemainingObjects find_remaining() const { return fleet::find_remaining(cluster_, egress_, may_remain()); }
  static std::string named(const RemainingObjects& remaining) {
    if (remaining.objects.empty()) return " None of the objects exists any more.";
    return "\nThese objects may still exist:" + lines(remaining.objects);
  }

  /// Somebody else may be using the namespace by now.
  OperationFailed failed(std::string text, const Error& why, const std::string& hint, Result result,
                         std::vector<mesh::Reference> remaining = {}) const {
    if (applying_.created_namespace)
      text += "\nnamespace/" + egress_.ns +
              ", which this command created, was kept; delete it with: " + delete_namespace_command(egress_);
    return failed(Error(text, hint, why.reason(), why.causes()), result, std::move(remaining));
  }
  OperationFailed failed(const Error& error, Result result, std::vector<mesh::Reference> remaining) const {
    Outcome outcome = outcome_;
    outcome.result = result;
    outcome.remaining = std::move(remaining);
    if (applying_.created_namespace) add_created_namespace(outcome, egress_.ns);
    return {error, std::move(outcome)};
  }
  std::string failure(const Error& why) const {
    const std::string verb = was_whole() ? "changed" : "created";
    return mesh::full_name(egress_) + " could not be " + verb + ": " + why.text() + "\n";
  }
  OperationFailed unfinished(const Error& why, const std::string& what_was_done) {
    const RemainingObjects remaining = find_remaining();
    const bool nothing = remaining.objects.empty() && !was_whole();
    return failed(failure(why) + what_was_done + named(remaining), why, ways_on(),
                  !remaining.known ? Result::unknown
                  : nothing        ? Result::rolled_back
                                   : Result::incomplete,
                  remaining.objects);
  }
  OperationFailed not_undone(const Error& why, const Error& error) {
    return unfinished(why, "The rollback failed, too: " + error.text());
  }
  std::string ways_on() const {
    return "to continue, run the same command again; to delete the gateway: " + delete_command(egress_);
  }

  kube::Cluster& cluster_;
  mesh::Plan& plan_;
  const ApplyOptions& applying_;
  const Reporter& reporter_;
  const mesh::Egress& egress_;
  GatewayLock hold_;
  Deadline deadline_;
  ObjectWriter writer_;
  bool claimed_ = false;
  bool parted_ = false;                 ///< from members that it is no longer made of
  std::vector<mesh::Reference> going_;  ///< those of them that are not gone yet
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

bool apply(kube::Cluster& cluster, mesh::Plan& plan, const ApplyOptions& applying, const Reporter& reporter) {
  return Application(cluster, plan, applying, reporter).run();
}

}  // namespace egress::fleet
