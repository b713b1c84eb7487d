#include "egress/fleet/create.hpp"

#include <vector>

#include "egress/base/error.hpp"
#include "egress/base/program.hpp"
#include "egress/base/text.hpp"
#include "egress/fleet/hints.hpp"
#include "egress/fleet/ready.hpp"
#include "egress/fleet/remove.hpp"
#include "egress/mesh/names.hpp"

namespace egress::fleet {
namespace {

const kube::Resource namespace_resource{kube::kinds::namespaces};
constexpr int conflict = 409;
constexpr int settling_attempts = 3;

/// What happened to an object: "unchanged" where the write moved nothing.
std::string verb_of(const mesh::Object& object, const kube::Answer& answer) {
  if (answer.created()) return "created";
  const std::string& version = answer.body["metadata"]["resourceVersion"].as_string();
  return version == object.standing_version ? "unchanged" : "configured";
}

/// Writes one stage. Throws Error naming every object that the server refused.
void write(kube::Cluster& cluster, const mesh::Plan& plan, mesh::Stage stage, const Reporter& reporter) {
  const std::vector<mesh::Object> wave = plan.wave(stage);
  std::vector<kube::Call> calls;
  for (const mesh::Object& one : wave) calls.push_back(kube::apply(one.reference.resource, one.json));
  const auto answers = cluster.send(calls);

  std::vector<std::string> faults;
  for (std::size_t i = 0; i < wave.size(); ++i) {
    if (answers[i].ok())
      reporter.wrote(wave[i].reference, verb_of(wave[i], answers[i]));
    else
      faults.push_back(answers[i].error->headline());
  }
  if (!faults.empty()) throw Error(join(faults, "\n"));
}

Error could_not_create(const mesh::Egress& egress, const std::string& why, const std::string& what_stands,
                       const std::string& hint) {
  return Error(described(egress) + " could not be created: " + why + "\n" + what_stands, hint);
}

std::string ways_on(const mesh::Egress& egress) {
  return "The same create goes on from here; " + delete_command(egress) + " removes it.";
}

/// Removes the gateway again, record and all.
Error undone(kube::Cluster& cluster, const mesh::Plan& plan, const std::string& why) {
  const mesh::Egress& egress = plan.record.egress;
  try {
    remove(cluster, plan.record, {}, {});
    return could_not_create(egress, why, "What it had written was undone.", "");
  } catch (const Error& error) {
    return could_not_create(egress, why, std::string("Undoing it failed, too: ") + error.what(),
                            "Remove what is left: " + delete_command(egress));
  }
}

void write_or_undo(kube::Cluster& cluster, const mesh::Plan& plan, mesh::Stage stage,
                   const Reporter& reporter) {
  const mesh::Egress& egress = plan.record.egress;
  try {
    write(cluster, plan, stage, reporter);
  } catch (const kube::ConnectionError& error) {
    // Nobody knows what the server still did, so the record must stay.
    throw could_not_create(egress, error.what(), "What it had written may stand.", ways_on(egress));
  } catch (const kube::ApiError& error) {
    throw could_not_create(egress, error.headline(), "What it had written stands.", ways_on(egress));
  } catch (const Error& error) {
    if (!plan.begun) throw undone(cluster, plan, error.what());
    throw could_not_create(egress, error.what(), "What was written before and now stands.", ways_on(egress));
  }
}

/// Takes the operation off the record: the gateway is whole. Where somebody deleted it meanwhile, what this
/// run wrote goes too.
void settle(kube::Cluster& cluster, mesh::Plan& plan) {
  mesh::Record& record = plan.record;
  const std::string name = mesh::object_name(record.egress.name);
  for (int attempt = 0; attempt < settling_attempts; ++attempt) {
    const auto answer =
        cluster.send(kube::merge(mesh::record_resource, record.egress.ns, name, mesh::settled_patch(record)));
    if (answer.ok()) return;
    if (answer.status != conflict && !answer.not_found()) {
      throw could_not_create(record.egress, answer.error->headline(),
                             "Everything stands, but its record still says that it does not.",
                             ways_on(record.egress));
    }
    const auto standing = cluster.send(kube::get(mesh::record_resource, record.egress.ns, name));
    if (standing.not_found()) break;
    const Json& metadata = standing.value()["metadata"];
    if (metadata["uid"].as_string() != record.uid)
      throw Error(described(record.egress) + " was deleted and made anew by someone else at this moment",
                  "Look at it: " + inspect_command(record.egress));
    record.resource_version = metadata["resourceVersion"].as_string();
    if (mesh::read_record(standing.body).operation != mesh::Operation::create) break;
  }
  throw undone(cluster, plan, "somebody deleted or changed its record at this moment");
}

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
  const Json manifest = mesh::record_manifest(record, std::string(program_version));
  const std::string name = mesh::object_name(egress.name);
  const auto answer = cluster.send(plan.begun ? kube::merge(mesh::record_resource, egress.ns, name, manifest)
                                              : kube::create(mesh::record_resource, egress.ns, manifest));
  if (answer.status == conflict)
    throw Error(described(egress) + " is being made by someone else at this moment",
                "Look at it: " + inspect_command(egress));
  const Json& metadata = answer.value()["metadata"];
  record.uid = metadata["uid"].as_string();
  record.resource_version = metadata["resourceVersion"].as_string();
  reporter.wrote({mesh::record_resource, egress.ns, name}, plan.begun ? "configured" : "created");
}

void create(kube::Cluster& cluster, mesh::Plan& plan, const Waiting& waiting, const Reporter& reporter) {
  const mesh::Egress& egress = plan.record.egress;
  const Deadline deadline = std::chrono::steady_clock::now() + waiting.timeout;
  write_or_undo(cluster, plan, mesh::Stage::foundation, reporter);
  write_or_undo(cluster, plan, mesh::Stage::workload, reporter);
  if (waiting.wait) {
    const std::string fault = await_ready(cluster, plan.deployment().reference, deadline, reporter);
    if (!fault.empty())
      throw Error(described(egress) + " is not ready in time: " + fault +
                      ". Callers were left as they are; everything but their route stands",
                  "Look at it: " + inspect_command(egress) + ". " + ways_on(egress));
  }
  write_or_undo(cluster, plan, mesh::Stage::callers, reporter);
  settle(cluster, plan);
}

}  // namespace egress::fleet
