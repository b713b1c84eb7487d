#include "egress/fleet/apply.hpp"

#include <algorithm>
#include <vector>

#include "egress/base/error.hpp"
#include "egress/base/program.hpp"
#include "egress/base/text.hpp"
#include "egress/fleet/hints.hpp"
#include "egress/fleet/member.hpp"
#include "egress/fleet/ready.hpp"
#include "egress/fleet/remove.hpp"
#include "egress/fleet/undo.hpp"
#include "egress/kube/managed_fields.hpp"
#include "egress/mesh/names.hpp"

namespace egress::fleet {
namespace {

using mesh::Stage;

const kube::Resource namespace_resource{kube::kinds::namespaces};
constexpr int conflict = 409;
constexpr int settling_attempts = 3;

/// What happened to an object: "unchanged" where the write moved nothing.
std::string verb_of(const mesh::Object& object, const kube::Answer& answer) {
  if (answer.created()) return "created";
  const Json& before = object.standing["metadata"]["resourceVersion"];
  return answer.body["metadata"]["resourceVersion"] == before ? "unchanged" : "configured";
}

/// The error's own words, as part of a sentence.
std::string said(const Error& error) {
  const std::string text = error.headline();
  const std::string lead = "error: ";
  return text.starts_with(lead) ? text.substr(lead.size()) : text;
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
        deadline_(std::chrono::steady_clock::now() + applying.timeout) {}

  void run() {
    try {
      write(Stage::foundation);
      write(Stage::workload);
      if (applying_.wait) await_pods();
      write(Stage::callers);
      remove_what_is_no_longer_needed();
      settle();
    } catch (const Unready& late) {
      throw Error(described(egress_) + " is not ready in time: " + late.fault +
                      ". Callers were left as they are; everything but their route stands",
                  "Look at it: " + inspect_command(egress_) + ". " + ways_on());
    } catch (const RecordLost&) {
      plan_.begun = false;
      give_up("somebody deleted or changed its record at this moment");
    } catch (const Error& error) {
      give_up(said(error));
    }
  }

 private:
  struct Unready {
    std::string fault;
  };
  /// Somebody else decides over the gateway by now: what this run wrote goes, begun before or not.
  struct RecordLost {};

  /// Writes one stage. Throws Error naming every object that the server refused.
  void write(Stage stage) {
    std::vector<mesh::Object*> wave;
    for (mesh::Object& one : plan_.objects) {
      if (one.stage != stage) continue;
      if (one.unchanged)
        reporter_.wrote(one.reference, "unchanged");
      else
        wave.push_back(&one);
    }
    std::vector<kube::Call> calls;
    for (const mesh::Object* one : wave) calls.push_back(call(*one));
    for (const mesh::Object* one : wave) may_stand_.push_back(one->reference);
    const auto answers = cluster_.send(calls);
    std::vector<std::string> faults;
    for (std::size_t i = 0; i < wave.size(); ++i) {
      if (!answers[i].ok()) {
        faults.push_back(answers[i].error->headline());
        std::erase(may_stand_, wave[i]->reference);
        continue;
      }
      reporter_.wrote(wave[i]->reference, verb_of(*wave[i], answers[i]));
      wave[i]->written = answers[i].body["metadata"];
    }
    if (!faults.empty()) throw Error(join(faults, "\n"));
  }

  /// What is adopted was agreed to before.
  kube::Call call(const mesh::Object& one) const {
    const bool adopted = one.adopted;
    return kube::apply(one.reference.resource, one.json, {.force = applying_.force || adopted});
  }

  void await_pods() {
    const std::string fault = await_ready(cluster_, plan_.deployment().reference, deadline_, reporter_);
    if (!fault.empty()) throw Unready{fault};
  }

  /// Members of the gateway as it stood that the new one has no more.
  void remove_what_is_no_longer_needed() {
    mesh::Record stale;
    stale.egress = egress_;
    stale.members = plan_.no_longer_needed();
    if (!stale.members.empty())
      remove_members(cluster_, standing_members(cluster_, stale), egress_, {}, reporter_);
  }

  /// The record of a gateway that is whole: exactly its objects, and what of them is this tool's.
  mesh::Record settled() const {
    mesh::Record record = plan_.record;
    record.operation = mesh::Operation::none;
    record.members.clear();
    record.applied.clear();
    for (const mesh::Object& one : plan_.objects) {
      const Json& metadata = one.written.is_null() ? one.standing["metadata"] : one.written;
      record.members.push_back(one.reference);
      record.applied.push_back(kube::applied_digest(metadata, kube::field_manager));
    }
    return record;
  }

  /// Takes the operation off the record. Where somebody deleted it meanwhile, what this run wrote goes too.
  void settle() {
    mesh::Record record = settled();
    const std::string name = mesh::object_name(egress_.name);
    for (int attempt = 0; attempt < settling_attempts; ++attempt) {
      const Json patch = mesh::replacement_patch(record, std::string(program_version));
      const auto answer = cluster_.send(kube::merge(mesh::record_resource, egress_.ns, name, patch));
      if (answer.ok()) {
        plan_.record = std::move(record);
        return;
      }
      if (answer.status != conflict && !answer.not_found())
        throw unfinished(answer.error->headline(),
                         "Everything stands, but its record still says that it does not.");
      const auto standing = cluster_.send(kube::get(mesh::record_resource, egress_.ns, name));
      if (standing.not_found()) break;
      const Json& metadata = standing.value()["metadata"];
      if (metadata["uid"].as_string() != record.uid)
        throw Error(described(egress_) + " was deleted and made anew by someone else at this moment",
                    "Look at it: " + inspect_command(egress_));
      record.resource_version = metadata["resourceVersion"].as_string();
      if (mesh::read_record(standing.body).operation != plan_.record.operation) break;
    }
    throw RecordLost();
  }

  /// Undoes what this run wrote, where what stood before was whole or nothing; says what stands.
  [[noreturn]] void give_up(const std::string& why) {
    if (plan_.begun) throw unfinished(why, "What was written before and now stands.");
    if (!applying_.rollback) throw unfinished(why, "What it had written stands, as --no-rollback asks.");
    try {
      Reporter taken_back;
      taken_back.wrote = [this](const mesh::Reference& one, auto&) { std::erase(may_stand_, one); };
      undo(cluster_, plan_, taken_back);
    } catch (const Error& error) {
      throw unfinished(why, "Undoing it failed, too: " + said(error) + "\n" + what_may_stand());
    }
    const char* what =
        was_whole() ? "What it had changed is again as it was." : "What it had written was undone.";
    throw Error(failure(why) + what);
  }

  /// There is something to go back to.
  bool was_whole() const { return plan_.before && plan_.before->operation != mesh::Operation::create; }

  /// What this run wrote, or may have written, and could not take back.
  std::string what_may_stand() const {
    std::string text = "These may stand as this command wrote them:";
    text += "\n  configmap/" + mesh::object_name(egress_.name) + ", its record";
    for (const mesh::Reference& one : may_stand_)
      text += "\n  " + one.label() + " in namespace \"" + one.ns + "\"";
    return text;
  }

  std::string failure(const std::string& why) const {
    const std::string verb = was_whole() ? "changed" : "created";
    return described(egress_) + " could not be " + verb + ": " + why + "\n";
  }
  Error unfinished(const std::string& why, const std::string& what_stands) const {
    return Error(failure(why) + what_stands, ways_on());
  }
  std::string ways_on() const {
    return "The same command goes on from here; " + delete_command(egress_) + " removes it.";
  }

  kube::Cluster& cluster_;
  mesh::Plan& plan_;
  const Applying& applying_;
  const Reporter& reporter_;
  const mesh::Egress& egress_;
  Deadline deadline_;
  std::vector<mesh::Reference> may_stand_;
};

}  // namespace

bool create_namespace(kube::Cluster& cluster, const std::string& name, bool dry_run) {
  const Json body = mesh::namespace_manifest(name);
  const auto answer = cluster.send(kube::create(namespace_resource, "", body, {.dry_run = dry_run}));
  if (answer.status == conflict) return false;
  answer.value();
  return true;
}

void claim(kube::Cluster& cluster, mesh::Plan& plan, const Reporter& reporter) {
  mesh::Record& record = plan.record;
  const mesh::Egress& egress = record.egress;
  const std::string tool(program_version);
  const std::string name = mesh::object_name(egress.name);
  const auto answer = cluster.send(
      plan.before ? kube::merge(mesh::record_resource, egress.ns, name, mesh::replacement_patch(record, tool))
                  : kube::create(mesh::record_resource, egress.ns, mesh::record_manifest(record, tool)));
  if (answer.status == conflict)
    throw Error(described(egress) + " is being made or changed by someone else at this moment",
                "Look at it: " + inspect_command(egress));
  const Json& metadata = answer.value()["metadata"];
  record.uid = metadata["uid"].as_string();
  record.resource_version = metadata["resourceVersion"].as_string();
  reporter.wrote({mesh::record_resource, egress.ns, name}, plan.before ? "configured" : "created");
}

void apply(kube::Cluster& cluster, mesh::Plan& plan, const Applying& applying, const Reporter& reporter) {
  Application(cluster, plan, applying, reporter).run();
}

}  // namespace egress::fleet
