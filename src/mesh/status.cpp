#include "egress/mesh/status.hpp"

#include <algorithm>

#include "egress/base/text.hpp"
#include "egress/kube/applyset.hpp"
#include "egress/kube/foreign_fields.hpp"
#include "egress/kube/managed_fields.hpp"
#include "egress/mesh/egress_manifest.hpp"
#include "egress/mesh/full_name.hpp"
#include "egress/mesh/names.hpp"

namespace egress::mesh {
namespace {

const Json* find_live(const std::vector<Json>& live, const Reference& reference) {
  const auto at = std::ranges::find_if(live, [&](const Json& object) {
    const Json& metadata = object["metadata"];
    return object["kind"].as_string() == reference.resource.kind.name &&
           metadata["name"].as_string() == reference.name &&
           metadata["namespace"].as_string() == reference.ns;
  });
  return at == live.end() ? nullptr : &*at;
}

/// The managers of fields that this tool owned, or that were added to its objects.
kube::ManagedFields foreign_managers(const Json& metadata, kube::ManagedFields managers) {
  for (const kube::ForeignField& field : kube::foreign_fields(metadata, kube::field_manager))
    managers[field.manager].insert(field.dotted_path());
  return managers;
}

/// The changes that others made to an object; `applied` is the digest of the fields that this tool owned.
std::string drift(const Reference& reference, const Json& metadata, const std::string& applied) {
  const kube::LostFields lost = kube::lost_fields(metadata, kube::field_manager, applied);
  std::vector<std::string> changes;
  for (const auto& [manager, fields] : foreign_managers(metadata, lost.by_manager))
    changes.push_back(manager + " manages " +
                      join(std::vector<std::string>(fields.begin(), fields.end()), ", "));
  if (lost.unowned > 0) changes.push_back("removed fields: " + std::to_string(lost.unowned));
  std::string text = full_name(reference) + " was changed";
  if (!changes.empty()) text += ": " + join(changes, "; ");
  return printable(text, 500);
}

ObjectState object_state(const Reference& reference, const Json* live) {
  if (live == nullptr) return {reference, "Missing", {}};
  const Json& metadata = (*live)["metadata"];
  return {reference, metadata.has("deletionTimestamp") ? "Deleting" : "Present",
          metadata["creationTimestamp"].as_string()};
}

void read_deployment(Summary& summary, const Json& deployment) {
  summary.ready_replicas = static_cast<int>(deployment["status"]["readyReplicas"].as_integer());
  summary.replicas = static_cast<int>(deployment["spec"]["replicas"].as_integer(1));
  const auto& containers = deployment["spec"]["template"]["spec"]["containers"].items();
  if (!containers.empty()) summary.image = containers.front()["image"].as_string();
}

/// The controller reports its progress as the reason of the condition Progressing
/// (kubernetes, pkg/controller/deployment/util/deployment_util.go).
bool has_reason(const Json& deployment, std::string_view reason) {
  return std::ranges::any_of(deployment["status"]["conditions"].items(), [&](const Json& condition) {
    return condition["reason"].as_string() == reason;
  });
}

/// True if the rollout exceeded its progress deadline.
bool is_stuck(const Json& deployment) {
  return has_reason(deployment, "ProgressDeadlineExceeded");
}

bool is_observed(const Json& deployment) {
  return deployment["status"]["observedGeneration"].as_integer() >=
         deployment["metadata"]["generation"].as_integer();
}

/// True if the last rollout was completed, but no pod is ready any more.
bool has_lost_ready_pods(const Json& deployment) {
  return is_observed(deployment) && has_reason(deployment, "NewReplicaSetAvailable") &&
         !rollout_problem(deployment).empty();
}

bool has_object_in_state(const Summary& summary, std::string_view state) {
  return std::ranges::any_of(summary.objects, [&](const auto& object) { return object.state == state; });
}

/// True for an obsolete member that was not deleted yet when the record was written.
bool is_pending_deletion(const Record& record, std::size_t member) {
  return member < record.applied_digests.size() && record.applied_digests[member] == pending_deletion;
}

bool is_current_member(const Record& record, const Reference& reference) {
  const auto found = std::ranges::find(record.members, reference);
  return found != record.members.end() &&
         !is_pending_deletion(record, static_cast<std::size_t>(found - record.members.begin()));
}

/// Adds objects that have the gateway's label but are not its members.
void add_extra_objects(Summary& summary, const std::vector<Json>& live) {
  const Record& record = summary.record;
  const std::string id = record_id(record.egress.name, record.egress.ns);
  for (const Json& object : live) {
    const Json& metadata = object["metadata"];
    if (metadata["labels"][kube::applyset::part_of_label].as_string() != id) continue;
    const auto kind = std::ranges::find(all_kinds(), object["kind"].as_string(), &kube::Kind::name);
    if (kind == all_kinds().end()) continue;
    const Reference reference{{*kind, ""}, metadata["namespace"].as_string(), metadata["name"].as_string()};
    if (is_current_member(record, reference)) continue;
    // A copy of an object with its labels has another owner and is not touched.
    const bool is_own = kube::applied_fields(metadata, kube::field_manager) != nullptr;
    const char* state = metadata.has("deletionTimestamp") ? "Deleting" : is_own ? "Unexpected" : "Foreign";
    summary.objects.push_back({reference, state, metadata["creationTimestamp"].as_string()});
    summary.reasons.push_back(
        printable(full_name(reference), 500) + " has the gateway's label but is not part of it" +
        (is_own ? "" : " and has another owner; to remove the label: " + unlabel_command(reference)));
  }
}

/// During an operation the owned fields are not known yet.
bool has_drifted(const Record& record, std::size_t member, const Json& live) {
  if (record.operation != Operation::none || member >= record.applied_digests.size()) return false;
  const std::string& applied = record.applied_digests[member];
  return !kube::foreign_fields(live["metadata"], kube::field_manager).empty() ||
         (!applied.empty() && !kube::matches_applied_digest(live["metadata"], kube::field_manager, applied));
}

Phase current_phase(const Summary& summary, const Json& deployment) {
  const bool deletes_object = has_object_in_state(summary, "Deleting");
  if (summary.record.is_being_deleted || (summary.record.operation == Operation::remove && deletes_object))
    return Phase::deleting;
  if (summary.record.operation != Operation::none) return Phase::incomplete;
  if (has_object_in_state(summary, "Missing") || has_object_in_state(summary, "Changed") ||
      has_object_in_state(summary, "Unexpected") || has_object_in_state(summary, "Foreign") ||
      deletes_object || is_stuck(deployment) || has_lost_ready_pods(deployment))
    return Phase::degraded;
  return rollout_problem(deployment).empty() ? Phase::ready : Phase::progressing;
}

}  // namespace

std::string text(Phase phase) {
  switch (phase) {
    case Phase::ready:
      return "Ready";
    case Phase::progressing:
      return "Progressing";
    case Phase::degraded:
      return "Degraded";
    case Phase::incomplete:
      return "Incomplete";
    case Phase::deleting:
      return "Deleting";
    case Phase::deleted:
      return "Deleted";
  }
  return {};
}

std::string unlabel_command(const Reference& reference) {
  return "kubectl label " + printable(full_name(reference), 500) + " " +
         std::string(kube::applyset::part_of_label) + "-";
}

std::string rollout_problem(const Json& deployment) {
  if (deployment.is_null()) return "its Deployment could not be read";
  const Json& status = deployment["status"];
  if (!is_observed(deployment)) return "its Deployment has not been processed by its controller yet";
  // The status does not show which pods are available, so this assumes that all old ones are.
  const std::int64_t updated = status["updatedReplicas"].as_integer();
  const std::int64_t old = std::max<std::int64_t>(status["replicas"].as_integer() - updated, 0);
  if (updated > 0 && status["availableReplicas"].as_integer() > old) return {};
  if (is_stuck(deployment))
    for (const Json& condition : status["conditions"].items())
      if (condition["type"].as_string() == "Progressing")
        return "its Deployment exceeded its progress deadline: " +
               printable(condition["message"].as_string(), 300);
  return std::to_string(status["readyReplicas"].as_integer()) + " of " +
         std::to_string(deployment["spec"]["replicas"].as_integer(1)) + " pods are ready";
}

Summary summarize(Record record, const std::vector<Json>& live, const UnlistableKinds& unlistable) {
  Summary summary;
  summary.record = std::move(record);
  Json deployment;
  for (std::size_t i = 0; i < summary.record.members.size(); ++i) {
    const Reference& member = summary.record.members[i];
    if (is_pending_deletion(summary.record, i)) continue;
    const Json* found = find_live(live, member);
    const bool is_unlistable = std::ranges::any_of(unlistable, [&](const UnlistableKind& unlisted) {
      return unlisted.kind == member.resource.kind && (unlisted.ns.empty() || unlisted.ns == member.ns);
    });
    summary.objects.push_back(object_state(member, found));
    if (is_unlistable)
      summary.objects.back().state = "Unknown";
    else if (found == nullptr)
      summary.reasons.push_back(full_name(member) + " does not exist");
    else if (has_drifted(summary.record, i, *found)) {
      summary.objects.back().state = "Changed";
      summary.reasons.push_back(drift(member, (*found)["metadata"], summary.record.applied_digests[i]));
    }
    if (member.resource.kind == kube::kinds::deployment && found != nullptr) deployment = *found;
  }
  add_extra_objects(summary, live);
  if (!deployment.is_null()) read_deployment(summary, deployment);
  if (const std::string problem = rollout_problem(deployment); !problem.empty())
    summary.reasons.push_back(problem);
  summary.phase = current_phase(summary, deployment);
  if (summary.record.operation == Operation::create) summary.reasons.emplace_back("a create was interrupted");
  if (summary.record.operation == Operation::apply) summary.reasons.emplace_back("an apply was interrupted");
  if (summary.record.operation == Operation::remove) summary.reasons.emplace_back("a delete was interrupted");
  return summary;
}

Json to_json(const Summary& summary) {
  Json objects{Json::Array{}};
  for (const ObjectState& state : summary.objects)
    objects.push(object({
        {"apiVersion", state.reference.resource.api_version()},
        {"kind", state.reference.resource.kind.name},
        {"namespace", state.reference.ns},
        {"name", state.reference.name},
        {"state", state.state},
    }));
  const bool ready = summary.phase == Phase::ready;
  Json manifest = egress_manifest(summary.record.egress);
  manifest.edit("metadata").set("creationTimestamp", summary.record.creation_timestamp);
  manifest.edit("metadata").set("uid", summary.record.uid);
  manifest.edit("metadata").set("labels", summary.record.labels);
  manifest.set("status", object({
                             {"phase", text(summary.phase)},
                             {"readyReplicas", summary.ready_replicas},
                             {"replicas", summary.replicas},
                             {"istioVersion", summary.record.istio},
                             {"conditions", array({object({
                                                {"type", "Ready"},
                                                {"status", ready ? "True" : "False"},
                                                {"reason", text(summary.phase)},
                                                {"message", join(summary.reasons, "; ")},
                                            })})},
                             {"objects", std::move(objects)},
                         }));
  return manifest;
}

}  // namespace egress::mesh
