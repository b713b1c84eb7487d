#include "egress/fleet/live_member.hpp"

#include <algorithm>
#include <utility>

#include "egress/kube/applyset.hpp"
#include "egress/mesh/names.hpp"

namespace egress::fleet {
namespace {

const kube::Resource endpoints_resource{kube::kinds::endpoints};
const kube::Resource secret_resource{kube::kinds::secret};

/// A Service's Endpoints, and the token Secrets that Kubernetes before 1.24 makes for a ServiceAccount.
std::vector<mesh::Reference> derived_from(const mesh::Reference& reference, const MemberMetadata& seen) {
  std::vector<mesh::Reference> derived;
  if (reference.resource.kind == kube::kinds::service)
    derived.push_back({endpoints_resource, reference.ns, reference.name});
  if (reference.resource.kind == kube::kinds::service_account)
    for (const std::string& secret : seen.secrets)
      // Others than those named for it were linked by hand, and stay.
      if (secret.starts_with(reference.name + "-token-"))
        derived.push_back({secret_resource, reference.ns, secret});
  return derived;
}

bool is_served(const mesh::Reference& one) {
  return !one.resource.version.empty();
}

bool is_seen(const MemberMetadataList& seen, std::size_t i) {
  return i < seen.size() && !seen[i].uid.empty();
}

/// Empty where it is not there, or not the gateway's own.
MemberMetadata look_at(const kube::Answer& answer, const std::string& set) {
  if (answer.not_found()) return {};
  const Json& object = answer.value();
  const Json& labels = object["metadata"]["labels"];
  return labels[kube::applyset::part_of_label].as_string() == set ? member_metadata(object)
                                                                  : MemberMetadata();
}

/// Of each member, looked at where it was not seen.
MemberMetadataList all_sightings(kube::Cluster& cluster, const mesh::Record& record, MemberMetadataList seen,
                                 const std::string& set) {
  seen.resize(record.members.size());
  std::vector<std::size_t> unseen;
  std::vector<kube::Call> calls;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    const mesh::Reference& one = record.members[i];
    if (is_seen(seen, i) || !is_served(one)) continue;
    unseen.push_back(i);
    calls.push_back(kube::get(one.resource, one.ns, one.name));
  }
  if (calls.empty()) return seen;
  cluster.send(calls,
               [&](std::size_t i, const kube::Answer& answer) { seen[unseen[i]] = look_at(answer, set); });
  return seen;
}

}  // namespace

MemberMetadata member_metadata(const Json& object) {
  const Json& metadata = object["metadata"];
  MemberMetadata seen{metadata["uid"].as_string(), metadata["resourceVersion"].as_string()};
  for (const Json& secret : object["secrets"].items()) seen.secrets.push_back(secret["name"].as_string());
  return seen;
}

std::vector<LiveMember> live_members(kube::Cluster& cluster, const mesh::Record& record,
                                     const MemberMetadataList& seen) {
  const std::string set = mesh::record_id(record.egress.name, record.egress.ns);
  MemberMetadataList all = all_sightings(cluster, record, seen, set);
  std::vector<LiveMember> members;
  for (std::size_t i = all.size(); i-- > 0;) {
    MemberMetadata& one = all[i];
    const mesh::Reference& reference = record.members[i];
    if (!one.uid.empty())
      members.push_back(
          {reference, std::move(one.uid), std::move(one.version), derived_from(reference, one), set});
  }
  return members;
}

bool has_all_metadata(const mesh::Record& record, const MemberMetadataList& seen) {
  for (std::size_t i = 0; i < record.members.size(); ++i)
    if (is_served(record.members[i]) && !is_seen(seen, i)) return false;
  return true;
}

}  // namespace egress::fleet
