#include "egress/fleet/check.hpp"

#include <algorithm>
#include <vector>

#include "egress/base/error.hpp"
#include "egress/base/program.hpp"
#include "egress/base/text.hpp"
#include "egress/kube/applyset.hpp"
#include "egress/mesh/names.hpp"

namespace egress::fleet {
namespace {

/// What speaks against writing a plan, said together.
class Faults {
 public:
  void taken(const mesh::Reference& reference) {
    add(reference.label() + " in namespace \"" + reference.ns +
        "\" exists, and kubectl egress did not make it");
    any_taken_ = true;
  }

  /// A refusal of one cause (a namespace that is missing) is said once.
  void add(const std::string& fault) {
    if (std::ranges::find(faults_, fault) == faults_.end()) faults_.push_back(fault);
  }

  void throw_if_any() const {
    if (faults_.empty()) return;
    throw Error("nothing was written:\n  " + join(faults_, "\n  "),
                any_taken_ ? "Choose another NAME, or delete those objects first." : "");
  }

 private:
  std::vector<std::string> faults_;
  bool any_taken_ = false;
};

/// A binding is checked against its Role, which a dry run has not stored.
bool misses_only_its_role(const mesh::Object& object, const kube::Answer& answer) {
  return object.reference.resource.kind == kube::kinds::role_binding && answer.not_found() &&
         answer.error->details()["kind"].as_string() == "roles";
}

std::vector<kube::Call> dry_run_calls(const mesh::Plan& plan) {
  std::vector<kube::Call> calls;
  for (const mesh::Object& one : plan.objects)
    calls.push_back(kube::apply(one.reference.resource, one.json, {.dry_run = true}));
  return calls;
}

void collect(Faults& faults, const mesh::Object& object, const kube::Answer& answer, bool is_taken) {
  if (is_taken)
    faults.taken(object.reference);
  else if (!answer.ok() && !misses_only_its_role(object, answer))
    faults.add(answer.error->headline());
}

}  // namespace

void check_new(kube::Cluster& cluster, const mesh::Plan& plan) {
  std::vector<kube::Call> calls = dry_run_calls(plan);
  const Json record = mesh::record_manifest(plan.record, std::string(program_version));
  calls.push_back(kube::create(mesh::record_resource, plan.record.egress.ns, record, {.dry_run = true}));
  const auto answers = cluster.send(calls);

  Faults faults;
  for (std::size_t i = 0; i < plan.objects.size(); ++i) {
    // Server-side apply answers 201 for an object that it would make, 200 for one that stands, and 409 for
    // one whose fields others manage.
    const bool stands = (answers[i].ok() && !answers[i].created()) || answers[i].status == 409;
    collect(faults, plan.objects[i], answers[i], stands);
  }
  if (!answers.back().ok()) faults.add(answers.back().error->headline());
  faults.throw_if_any();
}

void check_begun(kube::Cluster& cluster, mesh::Plan& plan) {
  std::vector<kube::Call> calls = dry_run_calls(plan);
  for (const mesh::Object& one : plan.objects)
    calls.push_back(kube::get(one.reference.resource, one.reference.ns, one.reference.name));
  const auto answers = cluster.send(calls);

  Faults faults;
  const std::string id = mesh::record_id(plan.record.egress.name, plan.record.egress.ns);
  for (std::size_t i = 0; i < plan.objects.size(); ++i) {
    const kube::Answer& standing = answers[plan.objects.size() + i];
    const Json& metadata = standing.body["metadata"];
    const bool foreign = standing.ok() && metadata["labels"][kube::applyset::part_of_label].as_string() != id;
    collect(faults, plan.objects[i], answers[i], foreign);
    if (standing.ok()) plan.objects[i].standing_version = metadata["resourceVersion"].as_string();
  }
  faults.throw_if_any();
}

}  // namespace egress::fleet
