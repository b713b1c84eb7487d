#include "egress/fleet/remaining_objects.hpp"

#include <algorithm>

#include "egress/base/interruption.hpp"
#include "egress/kube/applyset.hpp"
#include "egress/mesh/names.hpp"
#include "egress/mesh/record.hpp"

namespace egress::fleet {

RemainingObjects find_remaining(kube::Cluster& cluster, const mesh::Egress& egress,
                                std::vector<mesh::Reference> written) {
  RemainingObjects found{std::move(written)};
  if (interruption_count() > 1) return found;
  std::vector<kube::Call> calls;
  for (const mesh::Reference& one : found.objects) calls.push_back(kube::get(one.resource, one.ns, one.name));
  std::vector<kube::Answer> answers;
  try {
    answers = cluster.send(calls);
  } catch (const Error&) {
    return found;
  }
  const mesh::Reference record{mesh::record_resource, egress.ns, mesh::object_name(egress.name)};
  const std::string id = mesh::record_id(egress.name, egress.ns);
  std::size_t i = 0;
  std::erase_if(found.objects, [&](const mesh::Reference& one) {
    const kube::Answer& answer = answers[i++];
    const Json& set = answer.body["metadata"]["labels"][kube::applyset::part_of_label];
    const bool ours = one == record || set.as_string() == id;
    return answer.not_found() || (answer.ok() && !ours);
  });
  found.known = std::ranges::all_of(answers, [](const auto& one) { return one.ok() || one.not_found(); });
  return found;
}

}  // namespace egress::fleet
