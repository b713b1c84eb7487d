#include "egress/mesh/status.hpp"

#include <algorithm>

#include "egress/base/text.hpp"
#include "egress/kube/additions.hpp"
#include "egress/kube/applyset.hpp"
#include "egress/kube/managed_fields.hpp"
#include "egress/mesh/egress_form.hpp"
#include "egress/mesh/names.hpp"

namespace egress::mesh {
namespace {

const Json* find_live(const std::vector<Json>& live, const Reference& wanted) {
  const auto at = std::ranges::find_if(live, [&](const Json& one) {
    const Json& metadata = one["metadata"];
    return one["kind"].as_string() == wanted.resource.kind.name &&
           metadata["name"].as_string() == wanted.name && metadata["namespace"].as_string() == wanted.ns;
  });
  return at == live.end() ? nullptr : &*at;
}

/// Who manages by now what this tool wrote, or has added to it.
kube::ManagedFields meddlers(const Json& metadata, kube::ManagedFields taken) {
  for (const kube::Addition& one : kube::additions(metadata, kube::field_manager))
    taken[one.manager].insert(one.field());
  return taken;
}

/// What others have done to an object that this tool wrote; `applied` is the digest of what it owned then.
std::string meddling(const Reference& reference, const Json& metadata, const std::string& applied) {
  const kube::Losses losses = kube::losses(metadata, kube::field_manager, applied);
  std::vector<std::string> deeds;
  for (const auto& [who, fields] : meddlers(metadata, losses.taken))
    deeds.push_back(who + " now manages " +
                    join(std::vector<std::string>(fields.begin(), fields.end()), ", "));
  if (losses.gone > 0) deeds.push_back("fields were taken away: " + std::to_string(losses.gone));
  std::string text = reference.label() + " was changed by someone else";
  if (!deeds.empty()) text += ": " + join(deeds, "; ");
  return printable(text, 500);
}

ObjectState state_of(const Reference& reference, const Json* live) {
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

/// How far the controller is with it: the reason of the condition Progressing
/// (kubernetes, pkg/controller/deployment/util/deployment_util.go).
bool has_reason(const Json& deployment, std::string_view reason) {
  return std::ranges::any_of(deployment["status"]["conditions"].items(), [&](const Json& condition) {
    return condition["reason"].as_string() == reason;
  });
}

/// The controller has given up on it.
bool is_stuck(const Json& deployment) {
  return has_reason(deployment, "ProgressDeadlineExceeded");
}

bool is_seen(const Json& deployment) {
  return deployment["status"]["observedGeneration"].as_integer() >=
         deployment["metadata"]["generation"].as_integer();
}

/// Its pods were ready once and nothing new is on its way, but none is ready any more.
bool has_lost_its_pods(const Json& deployment) {
  return is_seen(deployment) && has_reason(deployment, "NewReplicaSetAvailable") &&
         !rollout_fault(deployment).empty();
}

bool any_is(const Summary& summary, std::string_view state) {
  return std::ranges::any_of(summary.objects, [&](const auto& one) { return one.state == state; });
}

/// A member that the gateway is made of no more, and that was not gone yet when that was written.
bool is_going(const Record& record, std::size_t member) {
  return member < record.applied.size() && record.applied[member] == going;
}

bool expects(const Record& record, const Reference& reference) {
  const auto found = std::ranges::find(record.members, reference);
  return found != record.members.end() &&
         !is_going(record, static_cast<std::size_t>(found - record.members.begin()));
}

/// Objects that bear the gateway's label and that it is not made of.
void add_unexpected(Summary& summary, const std::vector<Json>& live) {
  const Record& record = summary.record;
  const std::string id = record_id(record.egress.name, record.egress.ns);
  for (const Json& one : live) {
    const Json& metadata = one["metadata"];
    if (metadata["labels"][kube::applyset::part_of_label].as_string() != id) continue;
    const auto kind = std::ranges::find(all_kinds(), one["kind"].as_string(), &kube::Kind::name);
    if (kind == all_kinds().end()) continue;
    const Reference reference{{*kind, ""}, metadata["namespace"].as_string(), metadata["name"].as_string()};
    if (expects(record, reference)) continue;
    // Whoever copied an object with its labels has one that this tool leaves alone.
    const bool own = kube::applied_fields(metadata, kube::field_manager) != nullptr;
    const char* state = metadata.has("deletionTimestamp") ? "Deleting" : own ? "Unexpected" : "Foreign";
    summary.objects.push_back({reference, state, metadata["creationTimestamp"].as_string()});
    summary.reasons.push_back(
        printable(reference.label(), 400) + " bears its label, but " +
        (own ? "is none of its objects" : "was written by somebody else: " + unlabel_command(reference)));
  }
}

/// While something is being written nobody knows yet what is owned of it.
bool is_changed(const Record& record, std::size_t member, const Json& live) {
  if (record.operation != Operation::none || member >= record.applied.size()) return false;
  const std::string& applied = record.applied[member];
  return !kube::additions(live["metadata"], kube::field_manager).empty() ||
         (!applied.empty() && !kube::is_as_applied(live["metadata"], kube::field_manager, applied));
}

Phase phase_of(const Summary& summary, const Json& deployment) {
  const bool going = any_is(summary, "Deleting");
  if (summary.record.deleting || (summary.record.operation == Operation::remove && going))
    return Phase::deleting;
  if (summary.record.operation != Operation::none) return Phase::incomplete;
  if (any_is(summary, "Missing") || any_is(summary, "Changed") || any_is(summary, "Unexpected") ||
      any_is(summary, "Foreign") || going || is_stuck(deployment) || has_lost_its_pods(deployment))
    return Phase::degraded;
  return rollout_fault(deployment).empty() ? Phase::ready : Phase::progressing;
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
  return "kubectl label " + printable(reference.label(), 400) + " -n " + printable(reference.ns, 100) + " " +
         std::string(kube::applyset::part_of_label) + "-";
}

std::string rollout_fault(const Json& deployment) {
  if (deployment.is_null()) return "its Deployment cannot be looked at";
  const Json& status = deployment["status"];
  if (!is_seen(deployment)) return "its Deployment has not been looked at yet";
  // Of the pods that are available, as many as can be are taken to be old ones.
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

Summary summarize(Record record, const std::vector<Json>& live, const Unreadable& unreadable) {
  Summary summary;
  summary.record = std::move(record);
  Json deployment;
  for (std::size_t i = 0; i < summary.record.members.size(); ++i) {
    const Reference& member = summary.record.members[i];
    if (is_going(summary.record, i)) continue;
    const Json* found = find_live(live, member);
    const bool hidden = std::ranges::any_of(unreadable, [&](const Hidden& one) {
      return one.kind == member.resource.kind && (one.ns.empty() || one.ns == member.ns);
    });
    summary.objects.push_back(state_of(member, found));
    if (hidden)
      summary.objects.back().state = "Unknown";
    else if (found == nullptr)
      summary.reasons.push_back(member.label() + " is missing");
    else if (is_changed(summary.record, i, *found)) {
      summary.objects.back().state = "Changed";
      summary.reasons.push_back(meddling(member, (*found)["metadata"], summary.record.applied[i]));
    }
    if (member.resource.kind == kube::kinds::deployment && found != nullptr) deployment = *found;
  }
  add_unexpected(summary, live);
  if (!deployment.is_null()) read_deployment(summary, deployment);
  if (const std::string fault = rollout_fault(deployment); !fault.empty()) summary.reasons.push_back(fault);
  summary.phase = phase_of(summary, deployment);
  if (summary.record.operation == Operation::create) summary.reasons.emplace_back("its creation was cut off");
  if (summary.record.operation == Operation::apply)
    summary.reasons.emplace_back("a change of it was cut off");
  if (summary.record.operation == Operation::remove) summary.reasons.emplace_back("its deletion was cut off");
  return summary;
}

Json to_json(const Summary& summary) {
  Json objects{Json::Array{}};
  for (const ObjectState& one : summary.objects)
    objects.push(object({
        {"apiVersion", one.reference.resource.api_version()},
        {"kind", one.reference.resource.kind.name},
        {"namespace", one.reference.ns},
        {"name", one.reference.name},
        {"state", one.state},
    }));
  const bool ready = summary.phase == Phase::ready;
  Json form = file_form(summary.record.egress);
  form.edit("metadata").set("creationTimestamp", summary.record.created);
  form.edit("metadata").set("uid", summary.record.uid);
  form.edit("metadata").set("labels", summary.record.labels);
  form.set("status", object({
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
  return form;
}

}  // namespace egress::mesh
