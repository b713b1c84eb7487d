#include "egress/mesh/plan.hpp"

#include <algorithm>

namespace egress::mesh {

std::vector<Object> Plan::wave(Stage stage) const {
  std::vector<Object> wave;
  std::ranges::copy_if(objects, std::back_inserter(wave),
                       [&](const Object& one) { return one.stage == stage; });
  return wave;
}

const Object& Plan::deployment() const {
  return *std::ranges::find_if(
      objects, [](const Object& one) { return one.reference.resource.kind == kube::kinds::deployment; });
}

void take_over(Plan& plan, const Record& begun) {
  plan.begun = true;
  plan.record.uid = begun.uid;
  plan.record.resource_version = begun.resource_version;
  for (const Reference& member : begun.members)
    if (std::ranges::find(plan.record.members, member) == plan.record.members.end())
      plan.record.members.push_back(member);
}

Plan plan(const Design& design, const kube::Served& served) {
  Plan made;
  made.objects = manifests(design, served);
  made.record.egress = design.egress;
  made.record.istio = design.mesh.version.text();
  made.record.operation = Operation::create;
  for (const Object& one : made.objects) made.record.members.push_back(one.reference);
  return made;
}

}  // namespace egress::mesh
