#include "egress/fleet/undo.hpp"

#include <algorithm>
#include <vector>

#include "egress/base/error.hpp"
#include "egress/base/text.hpp"
#include "egress/fleet/hold.hpp"
#include "egress/fleet/member.hpp"
#include "egress/fleet/remove.hpp"
#include "egress/kube/applyset.hpp"
#include "egress/kube/managed_fields.hpp"
#include "egress/mesh/names.hpp"

namespace egress::fleet {
namespace {

using mesh::Stage;

constexpr int conflict = 409;
constexpr int attempts = 6;

/// As it stood: the fields of this tool applied again; where fields were taken from others, all of it. Good
/// only for the object as it stands now.
kube::Call restore(const mesh::Object& object, const Json& now, bool forced) {
  const Json& version = now["metadata"]["resourceVersion"];
  Json part = kube::applied_part(object.standing, kube::field_manager);
  if (!part.is_null() && !object.adopted && !object.forced && !forced) {
    if (!version.is_null()) part.edit("metadata").set("resourceVersion", version);
    return kube::apply(object.reference.resource, part, {.force = true});
  }
  Json whole = object.standing;
  whole.edit("metadata").set("resourceVersion", version);
  return kube::replace(object.reference.resource, whole);
}

/// Gives objects back what stood of them.
struct Restoration {
  kube::Cluster& cluster;
  const std::function<void()>& confirm;  ///< throws where that is another run's to do
  bool forced;
  const Reporter& reporter;

  /// Those that `wants` of them as they are now; what could not be given back is said.
  void of(std::vector<const mesh::Object*> changed, const std::function<bool(const Json&)>& wants,
          std::vector<std::string>& faults) const {
    for (int attempt = 1; !changed.empty(); ++attempt) {
      std::vector<kube::Call> looks;
      for (const mesh::Object* one : changed)
        looks.push_back(kube::get(one->reference.resource, one->reference.ns, one->reference.name));
      const auto now = cluster.send(looks);
      confirm();
      std::vector<const mesh::Object*> wanted;
      std::vector<kube::Call> calls;
      for (std::size_t i = 0; i < changed.size(); ++i) {
        // What is not seen is not known to be as it was.
        const bool seen = now[i].ok() || now[i].not_found();
        if (!seen) faults.push_back(now[i].error->headline());
        if (!seen || !wants(now[i].body)) continue;
        wanted.push_back(changed[i]);
        calls.push_back(restore(*changed[i], now[i].body, forced));
      }
      const auto answers = cluster.send(calls);
      std::vector<const mesh::Object*> again;
      for (std::size_t i = 0; i < wanted.size(); ++i) {
        if (answers[i].ok())
          reporter.wrote(wanted[i]->reference, "restored");
        else if (answers[i].status == conflict && attempt < attempts)
          again.push_back(wanted[i]);
        else
          faults.push_back(answers[i].error->headline());
      }
      changed = std::move(again);
    }
  }
};

/// Of a gateway that stood: changed objects become what they were, new ones go.
void restore_objects(kube::Cluster& cluster, Hold& hold, const mesh::Plan& plan, bool forced,
                     const Reporter& reporter) {
  std::vector<std::string> faults;
  const std::function<void()> confirm = [&] { hold.confirm(); };
  const Restoration restoration{cluster, confirm, forced, reporter};
  for (const Stage stage : {Stage::callers, Stage::routing, Stage::workload, Stage::foundation}) {
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
    restoration.of(
        std::move(changed), [](const Json&) { return true; }, faults);
    if (!made.members.empty()) remove_members(cluster, made, {}, confirm, reporter);
  }
  if (!faults.empty()) throw Error(join(faults, "\n"));
}

}  // namespace

void give_back_adopted(kube::Cluster& cluster, const mesh::Plan& plan, const std::function<void()>& confirm,
                       const Reporter& reporter) {
  std::vector<const mesh::Object*> adopted;
  for (const mesh::Object& one : plan.objects)
    if (one.adopted && !one.standing.is_null()) adopted.push_back(&one);
  const std::string id = mesh::record_id(plan.record.egress.name, plan.record.egress.ns);
  const auto is_taken = [&](const Json& now) {
    return now["metadata"]["labels"][kube::applyset::part_of_label].as_string() == id;
  };
  std::vector<std::string> faults;
  Restoration{cluster, confirm, true, reporter}.of(std::move(adopted), is_taken, faults);
  if (!faults.empty()) throw Error(join(faults, "\n"));
}

void undo(kube::Cluster& cluster, mesh::Plan& plan, bool forced, const Reporter& reporter) {
  Hold hold(cluster, plan.record);
  // What was begun and never whole has nothing to go back to.
  if (!plan.before || plan.before->operation == mesh::Operation::create) {
    give_back_adopted(
        cluster, plan, [&] { hold.confirm(); }, reporter);
    remove(cluster, plan.record, {.take_over = false}, reporter);
    return;
  }
  restore_objects(cluster, hold, plan, forced, reporter);
  hold.rewrite(*plan.before);
}

}  // namespace egress::fleet
