#include "egress/fleet/rollback.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <vector>

#include "egress/base/error.hpp"
#include "egress/base/error_list.hpp"
#include "egress/fleet/deletion.hpp"
#include "egress/fleet/gateway_lock.hpp"
#include "egress/fleet/live_member.hpp"
#include "egress/kube/applyset.hpp"
#include "egress/kube/managed_fields.hpp"
#include "egress/mesh/names.hpp"

namespace egress::fleet {
namespace {

using mesh::Stage;

constexpr int conflict = 409;
constexpr int attempts = 6;

/// The call that restores the previous object: it applies the fields of this tool again, or all fields if
/// fields of others were overwritten. It is valid only for the current version of the object; a deleted
/// object is created again, but not if others created one with its name.
kube::Call restore(const mesh::Object& object, const Json& now, bool forced) {
  const Json& version = now["metadata"]["resourceVersion"];
  Json part = kube::applied_configuration(object.live, kube::field_manager);
  const bool whole_again = object.adopted || object.force || forced;
  if (!part.is_null() && (version.is_null() || !whole_again)) {
    part.edit("metadata").set("resourceVersion", version);
    return kube::apply(object.reference.resource, part, {.force = true, .only_new = version.is_null()});
  }
  Json whole = object.live;
  whole.edit("metadata").set("resourceVersion", version);
  return kube::replace(object.reference.resource, whole);
}

bool is_taken(const mesh::Object& object, const Json& now) {
  const std::string_view label = kube::applyset::part_of_label;
  return now["metadata"]["labels"][label] == object.json["metadata"]["labels"][label];
}

/// Gives objects back what stood of them.
class Restoration {
 public:
  /// `confirm` throws where that is another run's to do.
  Restoration(kube::Cluster& cluster, const std::function<void()>& confirm, bool forced,
              const Reporter& reporter)
      : cluster_(cluster), confirm_(confirm), forced_(forced), reporter_(reporter) {}

  using Objects = std::vector<const mesh::Object*>;

  /// Restores the objects that belong to this gateway; an object that was deleted is created again. Returns
  /// those that have another owner now.
  std::vector<mesh::Reference> of(Objects changed, ErrorList& faults) const {
    std::vector<mesh::Reference> left_alone;
    for (int attempt = 1; !changed.empty(); ++attempt) {
      std::vector<kube::Call> calls;
      const Objects wanted = look(changed, calls, left_alone, faults);
      const auto answers = cluster_.send(calls);
      Objects again;
      for (std::size_t i = 0; i < wanted.size(); ++i) {
        const bool another = answers[i].status == conflict || answers[i].already_exists();
        if (answers[i].ok())
          reporter_.on_write(wanted[i]->reference, "restored");
        else if (another && attempt < attempts)
          again.push_back(wanted[i]);
        else
          faults.add(*answers[i].error);
      }
      changed = std::move(again);
    }
    return left_alone;
  }

 private:
  /// Those of them that are to be given back, and the calls that do so.
  Objects look(const Objects& changed, std::vector<kube::Call>& calls,
               std::vector<mesh::Reference>& left_alone, ErrorList& faults) const {
    std::vector<kube::Call> looks;
    for (const mesh::Object* one : changed)
      looks.push_back(kube::get(one->reference.resource, one->reference.ns, one->reference.name));
    const auto now = cluster_.send(looks);
    confirm_();
    Objects wanted;
    for (std::size_t i = 0; i < changed.size(); ++i) {
      const mesh::Object& one = *changed[i];
      // What is not seen is not known to be as it was.
      if (!now[i].ok() && !now[i].not_found()) {
        faults.add(*now[i].error);
      } else if (is_taken(one, now[i].body) || (now[i].not_found() && !one.adopted)) {
        wanted.push_back(&one);
        calls.push_back(restore(one, now[i].body, forced_));
      } else if (!one.adopted) {
        left_alone.push_back(one.reference);
      }
    }
    return wanted;
  }

  kube::Cluster& cluster_;
  const std::function<void()>& confirm_;
  bool forced_;
  const Reporter& reporter_;
};

/// Of a gateway that stood: changed objects become what they were, new ones go.
std::vector<mesh::Reference> restore_objects(kube::Cluster& cluster, GatewayLock& hold,
                                             const mesh::Plan& plan, bool forced, const Reporter& reporter) {
  std::vector<mesh::Reference> left_alone;
  ErrorList faults;
  const std::function<void()> confirm = [&] { hold.confirm(); };
  const Restoration restoration(cluster, confirm, forced, reporter);
  for (const Stage stage : {Stage::callers, Stage::routing, Stage::workload, Stage::foundation}) {
    std::vector<const mesh::Object*> changed;
    mesh::Record made;
    made.egress = plan.record.egress;
    for (const mesh::Object& one : plan.objects) {
      if (one.stage != stage || one.unchanged) continue;
      if (one.live.is_null())
        made.members.push_back(one.reference);
      else
        changed.push_back(&one);
    }
    std::ranges::move(restoration.of(std::move(changed), faults), std::back_inserter(left_alone));
    if (!made.members.empty()) delete_members(cluster, made, {}, confirm, reporter);
  }
  faults.throw_if_any();
  return left_alone;
}

}  // namespace

void restore_adopted(kube::Cluster& cluster, const mesh::Plan& plan, const std::function<void()>& confirm,
                     const Reporter& reporter) {
  std::vector<const mesh::Object*> adopted;
  for (const mesh::Object& one : plan.objects)
    if (one.adopted && !one.live.is_null()) adopted.push_back(&one);
  ErrorList faults;
  Restoration(cluster, confirm, true, reporter).of(std::move(adopted), faults);
  faults.throw_if_any();
}

std::vector<mesh::Reference> roll_back(kube::Cluster& cluster, mesh::Plan& plan, bool forced,
                                       const Reporter& reporter) {
  GatewayLock hold(cluster, plan.record);
  // What was begun and never whole has nothing to go back to.
  if (!plan.previous || plan.previous->operation == mesh::Operation::create) {
    restore_adopted(
        cluster, plan, [&] { hold.confirm(); }, reporter);
    delete_gateway(cluster, plan.record, {.take_over = false}, reporter);
    return {};
  }
  auto left_alone = restore_objects(cluster, hold, plan, forced, reporter);
  hold.rewrite(*plan.previous);
  return left_alone;
}

}  // namespace egress::fleet
