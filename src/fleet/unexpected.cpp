#include "egress/fleet/unexpected.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "egress/fleet/member_listings.hpp"
#include "egress/kube/applyset.hpp"
#include "egress/kube/managed_fields.hpp"
#include "egress/mesh/names.hpp"

namespace egress::fleet {
namespace {

constexpr int forbidden = 403;

std::string id_of(const mesh::Record& record) {
  return mesh::record_id(record.egress.name, record.egress.ns);
}

/// Of one record its own objects alone, of several those of every gateway.
std::string selector_of(std::span<const mesh::Record> records) {
  const std::string label = mesh::object_selector() + "," + std::string(kube::applyset::part_of_label);
  return records.size() > 1 ? label : label + "=" + id_of(records.front());
}

/// The namespaces that the records' members name beside their own; an empty name stands for every one.
using Elsewhere = std::set<std::string>;

Elsewhere elsewhere_of(std::span<const mesh::Record> records) {
  Elsewhere elsewhere;
  for (const mesh::Record& record : records)
    for (const mesh::Reference& member : record.members) elsewhere.insert(member.ns);
  return elsewhere;
}

std::vector<kube::Listing> listings_of(const kube::Served& served, std::span<const mesh::Record> records,
                                       const Elsewhere& elsewhere) {
  std::set<std::string> own;
  for (const mesh::Record& record : records) own.insert(record.egress.ns);
  std::vector<kube::Listing> listings;
  auto add = [&](std::span<const kube::Kind> kinds, const std::string& ns) {
    std::ranges::move(member_listings(kinds, served, ns, selector_of(records)), std::back_inserter(listings));
  };
  for (const std::string& ns : own) add(mesh::all_kinds(), ns);
  for (const std::string& ns : elsewhere)
    if (!own.contains(ns)) add(kinds_elsewhere, ns);
  for (kube::Listing& one : listings) one.selection.metadata_only = true;
  return listings;
}

/// Whoever copied it with its labels has one that is not this tool's to delete.
bool is_own(const Json& metadata) {
  return kube::applied_fields(metadata, kube::field_manager) != nullptr;
}

void add(kube::Cluster& cluster, const std::vector<kube::Listing>& listings,
         std::span<mesh::Record> records) {
  std::map<std::string, mesh::Record*> by_id;
  for (mesh::Record& record : records) by_id[id_of(record)] = &record;
  kube::Pages pages(listings);
  while (!pages.done()) {
    auto answers = cluster.send(pages.next());
    pages.take(answers);
    auto found = pages.drained();
    for (std::size_t i = 0; i < found.size(); ++i) {
      if (found[i].error && found[i].error->status() != forbidden) throw kube::ApiError(*found[i].error);
      for (const Json& object : found[i].objects) {
        const Json& metadata = object["metadata"];
        const auto record = by_id.find(metadata["labels"][kube::applyset::part_of_label].as_string());
        if (record == by_id.end() || !is_own(metadata)) continue;
        auto& members = record->second->members;
        const mesh::Reference reference{listings[i].resource, metadata["namespace"].as_string(),
                                        metadata["name"].as_string()};
        if (std::ranges::find(members, reference) == members.end()) members.push_back(reference);
      }
    }
  }
}

}  // namespace

void add_unexpected(kube::Cluster& cluster, const kube::Served& served, std::span<mesh::Record> records) {
  if (!records.empty()) add(cluster, listings_of(served, records, elsewhere_of(records)), records);
}

void add_everything(kube::Cluster& cluster, const kube::Served& served, std::span<mesh::Record> records) {
  if (!records.empty()) add(cluster, listings_of(served, records, {""}), records);
}

}  // namespace egress::fleet
