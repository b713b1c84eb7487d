#include "egress/fleet/apply.hpp"

#include <algorithm>
#include <vector>

#include "egress/base/error.hpp"
#include "egress/base/interruption.hpp"
#include "egress/base/text.hpp"
#include "egress/fleet/hints.hpp"
#include "egress/fleet/hold.hpp"
#include "egress/fleet/member.hpp"
#include "egress/fleet/object_writer.hpp"
#include "egress/fleet/ready.hpp"
#include "egress/fleet/remove.hpp"
#include "egress/fleet/undo.hpp"
#include "egress/kube/applyset.hpp"
#include "egress/kube/managed_fields.hpp"
#include "egress/mesh/names.hpp"

namespace egress::fleet {
namespace {

using mesh::Stage;

const kube::Resource namespace_resource{kube::kinds::namespaces};
constexpr int conflict = 409;

/// The error's own words, as part of a sentence.
std::string said(const Error& error) {
  const std::string text = error.headline();
  const std::string lead = "error: ";
  return text.starts_with(lead) ? text.substr(lead.size()) : text;
}

std::string lines(const std::vector<mesh::Reference>& references) {
  std::string text;
  for (const mesh::Reference& one : references)
    text += "\n  " + one.label() + " in namespace \"" + one.ns + "\"";
  return text;
}

mesh::Reference record_of(const mesh::Egress& egress) {
  return {mesh::record_resource, egress.ns, mesh::object_name(egress.name)};
}

/// What is gone, or somebody else's by now, or still is.
void leave_out_others(kube::Cluster& cluster, const mesh::Egress& egress,
                      std::vector<mesh::Reference>& references) {
  std::vector<kube::Call> looks;
  for (const mesh::Reference& one : references) looks.push_back(kube::get(one.resource, one.ns, one.name));
  const auto answers = cluster.send(looks);
  const std::string id = mesh::record_id(egress.name, egress.ns);
  std::size_t i = 0;
  std::erase_if(references, [&](const mesh::Reference& one) {
    const kube::Answer& answer = answers[i++];
    const Json& set = answer.body["metadata"]["labels"][kube::applyset::part_of_label];
    const bool ours = one == record_of(egress) || set.as_string() == id;
    return answer.not_found() || (answer.ok() && !ours);
  });
}

/// One run of apply().
class Application {
 public:
  Application(kube::Cluster& cluster, mesh::Plan& plan, const Applying& applying, const Reporter& reporter)
      : cluster_(cluster),
        plan_(plan),
        applying_(applying),
        reporter_(reporter),
        egress_(plan.record.egress),
        hold_(cluster, plan.record),
        deadline_(std::chrono::steady_clock::now() + applying.timeout),
        writer_(cluster, hold_, {.force = applying.force, .successor = plan.begun, .deadline = deadline_},
                reporter) {}

  /// False where something that it no longer needs is not gone yet.
  bool run() {
    try {
      claim();
      write(Stage::foundation, !in_use());
      write(Stage::workload);
      if (applying_.wait) await_pods();
      hold_.confirm();
      if (in_use()) write(Stage::routing);
      write(Stage::callers);
      remove_what_is_no_longer_needed();
      settle();
      return going_.empty();
    } catch (const Unready& late) {
      throw Error(described(egress_) + " is not ready in time: " + late.fault + ". " + what_waits(),
                  "Look at it: " + inspect_command(egress_) + ". " + ways_on());
    } catch (const Unsettled& unsettled) {
      throw Error(described(egress_) + " stands, with all that it is made of, but " + unsettled.fault,
                  ways_on());
    } catch (const HoldLost& lost) {
      leave_to(lost);
    } catch (const Error& error) {
      give_up(said(error));
    }
  }

 private:
  struct Unready {
    std::string fault;
  };
  struct Unsettled {
    std::string fault;
  };

  void claim() {
    hold_.take(plan_.before.has_value());
    claimed_ = true;
    reporter_.wrote(record_of(egress_), plan_.before ? "configured" : "created");
  }

  void write(Stage stage, bool with_routing = false) {
    std::vector<mesh::Object*> wave;
    for (mesh::Object& one : plan_.objects) {
      if (one.stage != stage && !(with_routing && one.stage == Stage::routing)) continue;
      if (one.unchanged)
        reporter_.wrote(one.reference, "unchanged");
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
                                  : await_ready(cluster_, deployment, deadline_, reporter_);
    if (fault.empty()) return;
    hold_.confirm();
    throw Unready{fault};
  }

  /// Members of the gateway as it stood that the new one has no more.
  void remove_what_is_no_longer_needed() {
    mesh::Record stale;
    stale.egress = egress_;
    stale.members = plan_.no_longer_needed();
    if (stale.members.empty()) return;
    // From here on there is no way back: what goes was not kept.
    parted_ = true;
    try {
      going_ = remove_members(
                   cluster_, stale, {.wait = applying_.wait, .timeout = left()}, [this] { hold_.confirm(); },
                   reporter_)
                   .left;
    } catch (const HoldLost&) {
      throw;
    } catch (const Error& error) {
      throw Unsettled{"what it no longer needs may be there still: " + said(error)};
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
    record.applied.clear();
    for (const mesh::Object& one : plan_.objects) {
      record.members.push_back(one.reference);
      record.applied.push_back(applied_of(one));
    }
    for (const mesh::Reference& one : going_) {
      record.members.push_back(one);
      record.applied.emplace_back(mesh::going);
    }
    return record;
  }

  /// Of what was neither written nor looked at the record that stands says it.
  std::string applied_of(const mesh::Object& one) const {
    const Json& metadata = one.seen.is_null() ? one.standing["metadata"] : one.seen;
    if (!metadata.is_null() || !plan_.before) return kube::applied_digest(metadata, kube::field_manager);
    return mesh::applied_of(*plan_.before, one.reference);
  }

  /// Takes the operation off the record.
  void settle() {
    try {
      hold_.rewrite(settled());
    } catch (const HoldLost&) {
      throw;
    } catch (const Error& error) {
      if (!parted_ && dynamic_cast<const Interrupted*>(&error) != nullptr) throw;
      throw Unsettled{"its record may still say that it does not: " + said(error)};
    }
  }

  /// Somebody else decides over the gateway by now. Where it is gone, or is to go, what this run made of it
  /// goes, too; else what it made and the others do not know of.
  [[noreturn]] void leave_to(const HoldLost& lost) {
    const bool undone = claimed_ && take_back_for(lost);
    throw failed(lost.what() + std::string(undone ? "\nWhat this command had made was undone." : ""),
                 lost.hint());
  }

  bool take_back_for(const HoldLost& lost) {
    mesh::Record mine;
    mine.egress = egress_;
    for (const mesh::Object& one : plan_.objects) {
      const bool made = one.made || (lost.removed() && !was_whole() && !one.adopted);
      const bool theirs = !lost.removed() &&
                          std::ranges::find(lost.now()->members, one.reference) != lost.now()->members.end();
      if (made && !theirs) mine.members.push_back(one.reference);
    }
    const std::function<void()> confirm = [&] { hold_.confirm_lost(lost); };
    try {
      if (lost.removed() && !was_whole()) give_back_adopted(cluster_, plan_, confirm, reporter_);
      return remove_members(cluster_, mine, {}, confirm, reporter_).any;
    } catch (const Error& error) {
      throw failed(std::string(lost.what()) +
                       "\nWhat this command had written could not be undone: " + said(error) + what_stands(),
                   ways_on());
    }
  }

  /// Undoes what this run wrote, where what stood before was whole or nothing; says what stands.
  [[noreturn]] void give_up(const std::string& why) {
    if (interruptions_so_far() > 1)
      throw unfinished(why, "It was interrupted again, and undid nothing." + what_stands());
    try {
      hold_.confirm();
    } catch (const HoldLost& lost) {
      if (claimed_) leave_to(lost);
      throw failed(failure(why) + "Nothing was written.");
    } catch (const Error& error) {
      throw not_undone(why, error);
    }
    if (plan_.begun) throw unfinished(why, "What was written before and now stands." + what_stands());
    if (!applying_.rollback)
      throw unfinished(why, "What it had written stands, as --no-rollback asks." + what_stands());
    const auto others = take_back(why);
    throw failed(failure(why) +
                 (was_whole() ? "What it had changed is again as it was" : "What it had written was undone") +
                 (others.empty() ? "." : ", but for what is somebody else's by now:" + lines(others)));
  }

  /// What was not, because somebody else has it by now.
  std::vector<mesh::Reference> take_back(const std::string& why) {
    Reporter taken_back;
    taken_back.wrote = [this](const mesh::Reference& one, auto&) { writer_.forget(one); };
    try {
      return undo(cluster_, plan_, applying_.force, taken_back);
    } catch (const HoldLost& lost) {
      leave_to(lost);
    } catch (const Error& error) {
      throw not_undone(why, error);
    }
  }

  /// Whoever uses what stands goes on with it until there are pods for the new one. Where there are none
  /// anyway, it may be the routing that keeps them from being ready.
  bool in_use() const {
    const Json& status = plan_.deployment().standing["status"];
    return was_whole() && status["availableReplicas"].as_integer() > 0;
  }
  const char* what_waits() const {
    if (in_use()) return "Callers were left as they are; its routing is not written yet";
    if (was_whole())
      return "No pod of it served callers, so its routing is written already; the callers' route is as it "
             "was";
    return "Callers were left as they are; their route is not written yet";
  }

  /// There is something to go back to.
  bool was_whole() const { return plan_.before && plan_.before->operation != mesh::Operation::create; }

  /// What this run wrote or may have written, and of a gateway that was begun what stood of it before.
  std::vector<mesh::Reference> written() const {
    std::vector<mesh::Reference> all{record_of(egress_)};
    std::ranges::copy(writer_.may_stand(), std::back_inserter(all));
    for (const mesh::Object& one : plan_.objects)
      if (plan_.begun && !one.standing.is_null() && std::ranges::find(all, one.reference) == all.end())
        all.push_back(one.reference);
    return all;
  }

  /// Those of them that the server does not say are gone or others': asked once, and not by whoever is to
  /// stop at once.
  std::string what_stands() {
    std::vector<mesh::Reference> standing = written();
    try {
      if (interruptions_so_far() <= 1) leave_out_others(cluster_, egress_, standing);
    } catch (const Error&) {
      // Then any of them may stand.
    }
    if (standing.empty()) return " None of it is there any more.";
    return "\nThese may stand as this command wrote them:" + lines(standing);
  }

  /// Somebody else may be using the namespace by now.
  Error failed(std::string text, const std::string& hint = {}) const {
    if (applying_.made_namespace)
      text += "\nnamespace \"" + egress_.ns + "\", which it had made, stands; " +
              delete_namespace_command(egress_) + " removes it.";
    return Error(text, hint);
  }
  std::string failure(const std::string& why) const {
    const std::string verb = was_whole() ? "changed" : "created";
    return described(egress_) + " could not be " + verb + ": " + why + "\n";
  }
  Error unfinished(const std::string& why, const std::string& what_stands) const {
    return failed(failure(why) + what_stands, ways_on());
  }
  Error not_undone(const std::string& why, const Error& error) {
    return unfinished(why, "Undoing it failed, too: " + said(error) + what_stands());
  }
  std::string ways_on() const {
    return "The same command goes on from here; " + delete_command(egress_) + " removes it.";
  }

  kube::Cluster& cluster_;
  mesh::Plan& plan_;
  const Applying& applying_;
  const Reporter& reporter_;
  const mesh::Egress& egress_;
  Hold hold_;
  Deadline deadline_;
  ObjectWriter writer_;
  bool claimed_ = false;
  bool parted_ = false;                 ///< from members that it is no longer made of
  std::vector<mesh::Reference> going_;  ///< those of them that are not gone yet
};

}  // namespace

bool create_namespace(kube::Cluster& cluster, const std::string& name, bool dry_run) {
  const Json body = mesh::namespace_manifest(name);
  const auto answer = cluster.send(kube::create(namespace_resource, "", body, {.dry_run = dry_run}));
  if (answer.status == conflict) return false;
  answer.value();
  return true;
}

bool apply(kube::Cluster& cluster, mesh::Plan& plan, const Applying& applying, const Reporter& reporter) {
  return Application(cluster, plan, applying, reporter).run();
}

}  // namespace egress::fleet
