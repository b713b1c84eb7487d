#include "egress/fleet/standing.hpp"

#include <algorithm>

#include "egress/base/digest.hpp"
#include "egress/kube/additions.hpp"
#include "egress/kube/applyset.hpp"
#include "egress/kube/listing.hpp"
#include "egress/kube/managed_fields.hpp"
#include "egress/mesh/egress_form.hpp"
#include "egress/mesh/names.hpp"
#include "egress/mesh/parts.hpp"

namespace egress::fleet {
namespace {

/// Of each kind in a wave: all of them are in memory at one time.
constexpr int page = 100;

/// A volume without a source is an empty directory, and old servers record no owner of an `emptyDir: {}`
/// (measured on Kubernetes 1.20).
void leave_out_empty_directories(Json& deployment) {
  Json& pod = deployment.edit("spec").edit("template").edit("spec");
  Json volumes{Json::Array{}};
  for (Json volume : pod["volumes"].items()) {
    if (volume["emptyDir"] == Json(Json::Object{})) volume.erase("emptyDir");
    volumes.push(std::move(volume));
  }
  pod.set("volumes", std::move(volumes));
}

std::string digest(Json body) {
  if (body["kind"].as_string() == kube::kinds::deployment.name) leave_out_empty_directories(body);
  return sha256(body.sorted().dump());
}

/// Members alone: the records are known already.
std::string selector() {
  return mesh::object_selector() + "," + std::string(kube::applyset::part_of_label);
}

}  // namespace

Standing::Standing(kube::Cluster& cluster, const kube::Served& served, const std::string& ns) {
  std::vector<kube::Listing> listings;
  for (const kube::Kind& kind : mesh::all_kinds())
    if (const auto resource = served.find(kind))
      listings.push_back({*resource, ns, {.labels = selector(), .limit = page}});
  kube::Pages pages(listings);
  while (!pages.done()) {
    auto answers = cluster.send(pages.next());
    pages.take(answers);
    auto found = pages.drained();
    for (std::size_t i = 0; i < found.size(); ++i)
      for (Json& object : found[i].objects) take(listings[i].resource, std::move(object));
  }
}

void Standing::take(const kube::Resource& resource, Json object) {
  if (object["metadata"].has("deletionTimestamp")) return;
  object.set("apiVersion", resource.api_version());
  const Json& metadata = object["metadata"];
  const std::string& set = metadata["labels"][kube::applyset::part_of_label].as_string();
  if (kube::applied_fields(metadata, kube::field_manager) == nullptr) return;
  const bool as_applied =
      kube::additions(metadata, kube::field_manager).empty() && metadata["ownerReferences"].items().empty();
  found_[set].push_back({{resource, metadata["namespace"].as_string(), metadata["name"].as_string()},
                         as_applied ? digest(kube::applied_part(object, kube::field_manager)) : ""});
}

std::span<const Standing::Found> Standing::of(const mesh::Record& record) const {
  const auto found = found_.find(mesh::record_id(record.egress.name, record.egress.ns));
  return found == found_.end() ? std::span<const Found>() : found->second;
}

bool Standing::is_as(const mesh::Plan& plan) const {
  if (!plan.before || plan.begun || plan.record.members.size() != plan.objects.size()) return false;
  if (plan.before->istio != plan.record.istio ||
      mesh::file_form(plan.before->egress) != mesh::file_form(plan.record.egress))
    return false;
  const auto own = of(plan.record);
  return std::ranges::all_of(plan.objects, [&](const mesh::Object& one) {
    const auto found = std::ranges::find(own, one.reference, &Found::reference);
    return found != own.end() && found->digest == digest(one.json);
  });
}

void Standing::add_unexpected(mesh::Record& record) const {
  for (const Found& one : of(record))
    if (std::ranges::find(record.members, one.reference) == record.members.end())
      record.members.push_back(one.reference);
}

}  // namespace egress::fleet
