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

const kube::Resource record_resource{kube::kinds::config_map};

std::string taken(const mesh::Reference& reference) {
  return reference.label() + " in namespace \"" + reference.ns +
         "\" exists, and kubectl egress did not make it";
}

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

/// Refusals of one cause (a namespace that is missing) are said once.
void add_once(std::vector<std::string>& faults, const std::string& fault) {
  if (std::ranges::find(faults, fault) == faults.end()) faults.push_back(fault);
}

void throw_together(const std::vector<std::string>& faults, bool names_taken) {
  if (faults.empty()) return;
  throw Error("nothing was written:\n  " + join(faults, "\n  "),
              names_taken ? "Choose another NAME, or delete those objects first." : "");
}

/// What the server refuses, said once for each cause; objects that a caller has said already are left out.
void collect_refusals(std::vector<std::string>& faults, const mesh::Plan& plan,
                      std::span<const kube::Answer> answers, const std::vector<bool>& said) {
  for (std::size_t i = 0; i < plan.objects.size(); ++i)
    if (!said[i] && !answers[i].ok() && !misses_only_its_role(plan.objects[i], answers[i]))
      add_once(faults, answers[i].error->headline());
}

}  // namespace

void check_new(kube::Cluster& cluster, const mesh::Plan& plan) {
  std::vector<kube::Call> calls = dry_run_calls(plan);
  const Json record = mesh::record_manifest(plan.record, std::string(program_version));
  calls.push_back(kube::create(record_resource, plan.record.egress.ns, record, {.dry_run = true}));
  const auto answers = cluster.send(calls);

  std::vector<std::string> faults;
  std::vector<bool> is_taken(plan.objects.size());
  for (std::size_t i = 0; i < plan.objects.size(); ++i) {
    // Server-side apply answers 201 for an object that it would make, 200 for one that stands, and 409 for
    // one whose fields others manage.
    is_taken[i] = (answers[i].ok() && !answers[i].created()) || answers[i].status == 409;
    if (is_taken[i]) faults.push_back(taken(plan.objects[i].reference));
  }
  const bool names_taken = !faults.empty();
  collect_refusals(faults, plan, answers, is_taken);
  if (!answers.back().ok()) add_once(faults, answers.back().error->headline());
  throw_together(faults, names_taken);
}

void check_begun(kube::Cluster& cluster, const mesh::Plan& plan) {
  std::vector<kube::Call> calls = dry_run_calls(plan);
  for (const mesh::Object& one : plan.objects)
    calls.push_back(kube::get(one.reference.resource, one.reference.ns, one.reference.name));
  const auto answers = cluster.send(calls);

  std::vector<std::string> faults;
  std::vector<bool> is_taken(plan.objects.size());
  const std::string id = mesh::record_id(plan.record.egress.name, plan.record.egress.ns);
  for (std::size_t i = 0; i < plan.objects.size(); ++i) {
    const kube::Answer& standing = answers[plan.objects.size() + i];
    is_taken[i] =
        standing.ok() && standing.body["metadata"]["labels"][kube::applyset::part_of_label].as_string() != id;
    if (is_taken[i]) faults.push_back(taken(plan.objects[i].reference));
  }
  const bool names_taken = !faults.empty();
  collect_refusals(faults, plan, answers, is_taken);
  throw_together(faults, names_taken);
}

}  // namespace egress::fleet
