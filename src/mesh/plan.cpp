#include "egress/mesh/plan.hpp"

#include <algorithm>

#include "egress/mesh/support.hpp"

namespace egress::mesh {

std::vector<Reference> Plan::no_longer_needed() const {
  std::vector<Reference> stale;
  std::ranges::copy_if(record.members, std::back_inserter(stale), [&](const Reference& member) {
    return std::ranges::none_of(objects, [&](const Object& one) { return one.reference == member; });
  });
  return stale;
}

const Object& Plan::deployment() const {
  return *std::ranges::find_if(
      objects, [](const Object& one) { return one.reference.resource.kind == kube::kinds::deployment; });
}

void take_over(Plan& plan, const Record& recorded, const kube::Served& served) {
  Record standing = recorded;
  for (Reference& member : standing.members)
    if (auto resource = served.find(member.resource.kind)) member.resource = std::move(*resource);
  plan.begun = standing.operation != Operation::none;
  plan.before = standing;
  // What never was whole is still being made; all else has something to go back to, and may have callers.
  if (standing.operation != Operation::create) plan.record.operation = Operation::apply;
  plan.record.uid = standing.uid;
  plan.record.resource_version = standing.resource_version;
  plan.record.asked_labels = standing.asked_labels;
  for (const Reference& member : standing.members)
    if (std::ranges::find(plan.record.members, member) == plan.record.members.end())
      plan.record.members.push_back(member);
}

Plan plan(const Design& design, const kube::Served& served) {
  check_support(design);
  return plan(design, manifests(design, served));
}

Plan plan(const Design& design, std::vector<Object> objects) {
  Plan made;
  made.objects = std::move(objects);
  made.record.egress = design.egress;
  made.record.istio = design.mesh.version.text();
  made.record.operation = Operation::create;
  for (const Object& one : made.objects) made.record.members.push_back(one.reference);
  return made;
}

}  // namespace egress::mesh
