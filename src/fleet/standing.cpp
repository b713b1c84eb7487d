#include "egress/fleet/standing.hpp"

#include <algorithm>

#include "egress/base/digest.hpp"
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

std::string digest(const std::string& set, Json body) {
  if (body["kind"].as_string() == kube::kinds::deployment.name) leave_out_empty_directories(body);
  return sha256(set + '\n' + body.sorted().dump());
}

}  // namespace

Standing::Standing(kube::Cluster& cluster, const kube::Served& served, const std::string& ns) {
  std::vector<kube::Listing> listings;
  for (const kube::Kind& kind : mesh::all_kinds())
    if (const auto resource = served.find(kind); resource && kind != kube::kinds::config_map)
      listings.push_back({*resource, ns, {.labels = mesh::object_selector(), .limit = page}});
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
  const Key key(resource.label(), metadata["namespace"].as_string(), metadata["name"].as_string());
  digests_[key] = digest(set, kube::applied_part(object, kube::field_manager));
}

bool Standing::is_as(const mesh::Plan& plan) const {
  if (!plan.before || plan.begun || plan.record.members.size() != plan.objects.size()) return false;
  if (plan.before->istio != plan.record.istio ||
      mesh::file_form(plan.before->egress) != mesh::file_form(plan.record.egress))
    return false;
  const std::string set = mesh::record_id(plan.record.egress.name, plan.record.egress.ns);
  return std::ranges::all_of(plan.objects, [&](const mesh::Object& one) {
    const auto found = digests_.find({one.reference.resource.label(), one.reference.ns, one.reference.name});
    return found != digests_.end() && found->second == digest(set, one.json);
  });
}

}  // namespace egress::fleet
