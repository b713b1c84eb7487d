#include "egress/fleet/member.hpp"

#include <algorithm>

#include "egress/kube/applyset.hpp"
#include "egress/mesh/names.hpp"

namespace egress::fleet {
namespace {

const kube::Resource endpoints_resource{kube::kinds::endpoints};
const kube::Resource secret_resource{kube::kinds::secret};

/// A Service's Endpoints, and the token Secrets that Kubernetes before 1.24 makes for a ServiceAccount.
std::vector<mesh::Reference> derived_from(const mesh::Reference& reference, const Json& object) {
  std::vector<mesh::Reference> derived;
  if (reference.resource.kind == kube::kinds::service)
    derived.push_back({endpoints_resource, reference.ns, reference.name});
  if (reference.resource.kind == kube::kinds::service_account)
    for (const Json& secret : object["secrets"].items())
      // Others than those named for it were linked by hand, and stay.
      if (secret["name"].as_string().starts_with(reference.name + "-token-"))
        derived.push_back({secret_resource, reference.ns, secret["name"].as_string()});
  return derived;
}

}  // namespace

std::vector<Member> standing_members(kube::Cluster& cluster, const mesh::Record& record) {
  std::vector<mesh::Reference> served;
  std::ranges::copy_if(record.members, std::back_inserter(served),
                       [](const mesh::Reference& one) { return !one.resource.version.empty(); });
  std::vector<kube::Call> calls;
  for (const mesh::Reference& one : served) calls.push_back(kube::get(one.resource, one.ns, one.name));
  const auto answers = cluster.send(calls);

  const std::string id = mesh::record_id(record.egress.name, record.egress.ns);
  std::vector<Member> members;
  for (std::size_t i = served.size(); i-- > 0;) {
    if (answers[i].not_found()) continue;
    const Json& object = answers[i].value();
    const Json& metadata = object["metadata"];
    if (metadata["labels"][kube::applyset::part_of_label].as_string() == id)
      members.push_back({served[i], metadata["uid"].as_string(), metadata["resourceVersion"].as_string(),
                         derived_from(served[i], object), id});
  }
  return members;
}

}  // namespace egress::fleet
