#include "egress/fleet/undo.hpp"

#include <algorithm>
#include <vector>

#include "egress/base/error.hpp"
#include "egress/base/text.hpp"
#include "egress/fleet/hold.hpp"
#include "egress/fleet/member.hpp"
#include "egress/fleet/remove.hpp"
#include "egress/kube/managed_fields.hpp"
#include "egress/mesh/names.hpp"

namespace egress::fleet {
namespace {

using mesh::Stage;

constexpr int conflict = 409;
constexpr int attempts = 6;

/// As it stood: the fields of this tool applied again; what was taken from others is given back whole. Good
/// only for the object as it stands now.
kube::Call restore(const mesh::Object& object, const Json& now) {
  const Json& version = now["metadata"]["resourceVersion"];
  Json part = kube::applied_part(object.standing, kube::field_manager);
  if (!part.is_null() && !object.adopted) {
    if (!version.is_null()) part.edit("metadata").set("resourceVersion", version);
    return kube::apply(object.reference.resource, part, {.force = true});
  }
  Json whole = object.standing;
  whole.edit("metadata").set("resourceVersion", version);
  return kube::replace(object.reference.resource, whole);
}

/// Gives the objects of a stage back what stood of them, as long as the gateway is this run's; what could not
/// be given back is said.
void restore_changed(kube::Cluster& cluster, Hold& hold, std::vector<const mesh::Object*> changed,
                     const Reporter& reporter, std::vector<std::string>& faults) {
  for (int attempt = 1; !changed.empty(); ++attempt) {
    std::vector<kube::Call> looks;
    for (const mesh::Object* one : changed)
      looks.push_back(kube::get(one->reference.resource, one->reference.ns, one->reference.name));
    const auto now = cluster.send(looks);
    hold.confirm();
    std::vector<kube::Call> calls;
    for (std::size_t i = 0; i < changed.size(); ++i) calls.push_back(restore(*changed[i], now[i].body));
    const auto answers = cluster.send(calls);
    std::vector<const mesh::Object*> again;
    for (std::size_t i = 0; i < changed.size(); ++i) {
      if (answers[i].ok())
        reporter.wrote(changed[i]->reference, "restored");
      else if (answers[i].status == conflict && attempt < attempts)
        again.push_back(changed[i]);
      else
        faults.push_back(answers[i].error->headline());
    }
    changed = std::move(again);
  }
}

/// Of a gateway that stood: changed objects become what they were, new ones go.
void restore_objects(kube::Cluster& cluster, Hold& hold, const mesh::Plan& plan, const Reporter& reporter) {
  std::vector<std::string> faults;
  for (const Stage stage : {Stage::callers, Stage::workload, Stage::foundation}) {
    std::vector<const mesh::Object*> changed;
    mesh::Record made;
    made.egress = plan.record.egress;
    for (const mesh::Object& one : plan.objects) {
      if (one.stage != stage || one.unchanged) continue;
      if (one.standing.is_null())
        made.members.push_back(one.reference);
      else
        changed.push_back(&one);
    }
    restore_changed(cluster, hold, std::move(changed), reporter, faults);
    if (!made.members.empty())
      remove_members(
          cluster, made, [&] { hold.confirm(); }, reporter);
  }
  if (!faults.empty()) throw Error(join(faults, "\n"));
}

}  // namespace

void undo(kube::Cluster& cluster, mesh::Plan& plan, const Reporter& reporter) {
  // What was begun and never whole has nothing to go back to.
  if (!plan.before || plan.before->operation == mesh::Operation::create) {
    remove(cluster, plan.record, {.take_over = false}, reporter);
    return;
  }
  Hold hold(cluster, plan.record);
  restore_objects(cluster, hold, plan, reporter);
  hold.rewrite(*plan.before);
}

}  // namespace egress::fleet
