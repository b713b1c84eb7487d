#include "egress/fleet/extra_members.hpp"

#include <algorithm>
#include <map>
#include <string>

#include "egress/fleet/member_query.hpp"
#include "egress/kube/managed_fields.hpp"
#include "egress/mesh/names.hpp"

namespace egress::fleet {
namespace {

/// False for a copy of an object with its labels, which this tool does not own.
bool is_own(const Json& metadata) {
  return kube::applied_fields(metadata, kube::field_manager) != nullptr;
}

/// A ServiceAccount says itself, and not in its metadata, which Secrets were made for it.
bool is_whole(const kube::Kind& kind) {
  return kind == kube::kinds::service_account;
}

/// The record's members, and how they were seen so far.
struct Seen {
  mesh::Record* record;
  MemberMetadataList* sightings;

  void take(const kube::Resource& resource, const Json& object) const {
    const Json& metadata = object["metadata"];
    const mesh::Reference reference{resource, metadata["namespace"].as_string(),
                                    metadata["name"].as_string()};
    auto& members = record->members;
    const auto at = static_cast<std::size_t>(std::ranges::find(members, reference) - members.begin());
    if (at == members.size()) {
      if (!is_own(metadata)) return;
      members.push_back(reference);
      sightings->emplace_back();
    }
    (*sightings)[at] = member_metadata(object);
  }
};

/// With `everywhere`, what may stand beside an ingress gateway is looked for in every namespace.
std::vector<MemberMetadataList> look_for(kube::Cluster& cluster, const kube::ServedResources& served,
                                         std::span<mesh::Record> records, bool everywhere) {
  std::vector<MemberMetadataList> sightings(records.size());
  if (records.empty()) return sightings;
  MemberQuery query(everywhere);
  std::map<std::string, Seen> by_set;
  for (std::size_t i = 0; i < records.size(); ++i) {
    const mesh::Egress& egress = records[i].egress;
    const std::string set = mesh::record_id(egress.name, egress.ns);
    sightings[i].resize(records[i].members.size());
    by_set[set] = {&records[i], &sightings[i]};
    query.add(set, egress.ns, records[i].members);
  }
  query.list(cluster, served, is_whole,
             [&](const kube::Resource& resource, const std::string& set, const Json& object) {
               by_set.at(set).take(resource, object);
             });
  return sightings;
}

}  // namespace

std::vector<MemberMetadataList> add_extra_members(kube::Cluster& cluster, const kube::ServedResources& served,
                                                  std::span<mesh::Record> records) {
  return look_for(cluster, served, records, false);
}

void add_all_extra_members(kube::Cluster& cluster, const kube::ServedResources& served,
                           std::span<mesh::Record> records) {
  look_for(cluster, served, records, true);
}

}  // namespace egress::fleet
