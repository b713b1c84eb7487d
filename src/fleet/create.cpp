#include "egress/fleet/create.hpp"

#include <algorithm>
#include <vector>

#include "egress/base/error.hpp"
#include "egress/base/program.hpp"
#include "egress/base/text.hpp"
#include "egress/fleet/ready.hpp"
#include "egress/mesh/names.hpp"

namespace egress::fleet {
namespace {

const kube::Resource record_resource{kube::kinds::config_map};
const kube::Resource namespace_resource{kube::kinds::namespaces};

/// An object that this command made, and that it may unmake.
struct Made {
  mesh::Reference reference;
  std::string uid;
};

/// One run of create(): what it has made so far.
class Creation {
 public:
  Creation(kube::Cluster& cluster, mesh::Plan& plan, const Reporter& reporter)
      : cluster_(cluster), plan_(plan), reporter_(reporter) {}

  /// Writes one stage. Throws Error naming every object that the server refused.
  void write(mesh::Stage stage) {
    const std::vector<mesh::Object> wave = plan_.wave(stage);
    std::vector<kube::Call> calls;
    for (const mesh::Object& one : wave) calls.push_back(kube::apply(one.reference.resource, one.json));
    const auto answers = cluster_.send(calls);

    std::vector<std::string> faults;
    for (std::size_t i = 0; i < wave.size(); ++i) {
      if (!answers[i].ok()) {
        faults.push_back(answers[i].error->headline());
        continue;
      }
      if (answers[i].created())
        made_.push_back({wave[i].reference, answers[i].body["metadata"]["uid"].as_string()});
      reporter_.wrote(wave[i].reference, answers[i].created() ? "created" : "configured");
    }
    if (!faults.empty()) throw Error(join(faults, "\n"));
  }

  /// Deletes what this run made, last first, and the record with it. The sentence says how that went.
  std::string undo() {
    std::ranges::reverse(made_);
    std::vector<kube::Call> calls;
    for (const Made& one : made_)
      calls.push_back(
          kube::remove(one.reference.resource, one.reference.ns, one.reference.name, {.uid = one.uid}));
    const auto answers = cluster_.send(calls);
    std::vector<std::string> left;
    for (std::size_t i = 0; i < made_.size(); ++i)
      if (!answers[i].ok() && !answers[i].not_found()) left.push_back(made_[i].reference.label());
    if (left.empty() && remove_record()) return "What it had written was undone.";
    left.push_back("configmap/" + mesh::object_name(plan_.record.egress.name));
    return "These still stand: " + join(left, ", ");
  }

 private:
  bool remove_record() {
    const mesh::Record& record = plan_.record;
    const auto answer = cluster_.send(kube::remove(
        record_resource, record.egress.ns, mesh::object_name(record.egress.name), {.uid = record.uid}));
    return answer.ok() || answer.not_found();
  }

  kube::Cluster& cluster_;
  mesh::Plan& plan_;
  const Reporter& reporter_;
  std::vector<Made> made_;
};

std::string delete_command(const mesh::Egress& egress) {
  return "kubectl egress delete " + egress.name + " -n " + egress.ns;
}

void write_or_undo(Creation& creation, mesh::Stage stage, const mesh::Egress& egress) {
  try {
    creation.write(stage);
  } catch (const Error& error) {
    const std::string undone = creation.undo();
    throw Error("egressgateway \"" + egress.name + "\" could not be created: " + error.what() + "\n" + undone,
                undone.starts_with("These") ? "Remove them: " + delete_command(egress) : "");
  }
}

/// The record without the operation: the gateway is whole.
void settle(kube::Cluster& cluster, const mesh::Plan& plan) {
  const mesh::Record& record = plan.record;
  const std::string name = mesh::object_name(record.egress.name);
  cluster.send(kube::merge(record_resource, record.egress.ns, name, mesh::settled_patch(record))).value();
}

}  // namespace

bool create_namespace(kube::Cluster& cluster, const std::string& name, bool dry_run) {
  const Json body = object({
      {"apiVersion", "v1"},
      {"kind", "Namespace"},
      {"metadata", object({{"name", name}})},
  });
  const auto answer = cluster.send(kube::create(namespace_resource, "", body, {.dry_run = dry_run}));
  if (answer.status == 409) return false;
  answer.value();
  return true;
}

void remove_namespace(kube::Cluster& cluster, const std::string& name) {
  cluster.send(kube::remove(namespace_resource, "", name));
}

void claim(kube::Cluster& cluster, mesh::Plan& plan, const Reporter& reporter) {
  const mesh::Egress& egress = plan.record.egress;
  const Json record = mesh::record_manifest(plan.record, std::string(program_version));
  const auto answer = cluster.send(kube::create(record_resource, egress.ns, record));
  if (answer.status == 409)
    throw Error("egressgateway \"" + egress.name + "\" in namespace \"" + egress.ns +
                    "\" is being made by someone else at this moment",
                "Look at it: kubectl egress inspect " + egress.name + " -n " + egress.ns);
  const Json& metadata = answer.value()["metadata"];
  plan.record.uid = metadata["uid"].as_string();
  plan.record.resource_version = metadata["resourceVersion"].as_string();
  reporter.wrote({record_resource, egress.ns, mesh::object_name(egress.name)}, "created");
}

void create(kube::Cluster& cluster, mesh::Plan& plan, const Waiting& waiting, const Reporter& reporter) {
  const mesh::Egress& egress = plan.record.egress;
  const Deadline deadline = std::chrono::steady_clock::now() + waiting.timeout;
  Creation creation(cluster, plan, reporter);
  write_or_undo(creation, mesh::Stage::foundation, egress);
  write_or_undo(creation, mesh::Stage::workload, egress);
  if (waiting.wait) {
    const std::string fault = await_ready(cluster, plan.deployment().reference, deadline, reporter);
    if (!fault.empty())
      throw Error("egressgateway \"" + egress.name + "\" is not ready in time: " + fault +
                      ". Callers were left as they are; everything but their route stands",
                  "Look at it: kubectl egress inspect " + egress.name + " -n " + egress.ns +
                      ". The same create goes on from here; " + delete_command(egress) + " removes it.");
  }
  write_or_undo(creation, mesh::Stage::callers, egress);
  settle(cluster, plan);
}

}  // namespace egress::fleet
