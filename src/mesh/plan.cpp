#include "egress/mesh/plan.hpp"

#include <algorithm>

#include "egress/mesh/istio_support.hpp"

namespace egress::mesh {

std::vector<Reference> Plan::obsolete_members() const {
  std::vector<Reference> obsolete;
  std::ranges::copy_if(record.members, std::back_inserter(obsolete), [&](const Reference& member) {
    return std::ranges::none_of(objects, [&](const Object& object) { return object.reference == member; });
  });
  return obsolete;
}

const Object& Plan::deployment() const {
  return *std::ranges::find_if(objects, [](const Object& object) {
    return object.reference.resource.kind == kube::kinds::deployment;
  });
}

void merge_record(Plan& plan, const Record& existing, const kube::ServedResources& served) {
  Record record = existing;
  for (Reference& member : record.members)
    if (auto resource = served.find(member.resource.kind)) member.resource = std::move(*resource);
  plan.resumed = record.operation != Operation::none;
  plan.previous = record;
  // A gateway whose creation was not finished is still being created. Any other may have callers, and a
  // rollback restores it.
  if (record.operation != Operation::create) plan.record.operation = Operation::apply;
  plan.record.uid = record.uid;
  plan.record.resource_version = record.resource_version;
  plan.record.requested_labels = record.requested_labels;
  for (const Reference& member : record.members)
    if (std::ranges::find(plan.record.members, member) == plan.record.members.end())
      plan.record.members.push_back(member);
}

Plan plan(const Design& design, const kube::ServedResources& served) {
  check_istio_support(design);
  return plan(design, manifests(design, served));
}

Plan plan(const Design& design, std::vector<Object> objects) {
  Plan plan;
  plan.objects = std::move(objects);
  plan.record.egress = design.egress;
  plan.record.istio = design.mesh.version.text();
  plan.record.operation = Operation::create;
  for (const Object& object : plan.objects) plan.record.members.push_back(object.reference);
  return plan;
}

}  // namespace egress::mesh
