#include "egress/fleet/live_state.hpp"

#include <algorithm>
#include <unordered_map>

#include "egress/base/digest.hpp"
#include "egress/fleet/member_query.hpp"
#include "egress/kube/applyset.hpp"
#include "egress/kube/foreign_fields.hpp"
#include "egress/kube/managed_fields.hpp"
#include "egress/mesh/egress_manifest.hpp"
#include "egress/mesh/names.hpp"

namespace egress::fleet {
namespace {

/// Short enough for a string to keep it within itself: there are thousands of them.
std::string short_digest(std::string_view text) {
  constexpr std::size_t bytes = 15;
  return sha256(text).substr(0, bytes);
}

std::string digest_of(const std::string& set, const mesh::Reference& reference) {
  return short_digest(set + '/' + reference.key());
}

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

std::string digest_of(Json body) {
  if (body["kind"].as_string() == kube::kinds::deployment.name) leave_out_empty_directories(body);
  return short_digest(body.sorted().dump());
}

/// True if the plan would not change the record.
bool says_the_same(const mesh::Record& before, const mesh::Plan& plan) {
  return before.istio == plan.record.istio && plan.record.members.size() == plan.objects.size() &&
         mesh::egress_manifest(before.egress) == mesh::egress_manifest(plan.record.egress);
}

}  // namespace

/// What the records name, and what they say of it.
class LiveState::Expected {
 public:
  explicit Expected(std::span<const JsonText* const> records) {
    for (const JsonText* record : records) {
      const Json config_map = record->parse();
      const Json& metadata = config_map["metadata"];
      const std::string set = metadata["labels"][kube::applyset::id_label].as_string();
      const mesh::Members named = mesh::read_members(config_map);
      query_.add(set, metadata["namespace"].as_string(), named.references);
      for (std::size_t i = 0; i < named.references.size(); ++i)
        applied_.emplace(digest_of(set, named.references[i]), named.applied_digests[i]);
    }
  }

  const MemberQuery& query() const { return query_; }
  bool has(const std::string& object) const { return applied_.contains(object); }
  const std::string& applied(const std::string& object) const { return applied_.at(object); }

 private:
  MemberQuery query_;
  std::unordered_map<std::string, std::string> applied_;  ///< by the digest of the object
};

LiveState::LiveState(kube::Cluster& cluster, const kube::ServedResources& served,
                     std::span<const JsonText* const> records) {
  if (records.empty()) return;
  const Expected expected(records);
  expected.query().list(
      cluster, served, [](const kube::Kind&) { return true; },
      [&](const kube::Resource& resource, const std::string& set, Json object) {
        take(expected, resource, set, std::move(object));
      });
  // Where a list brought an object twice, the last one counts.
  std::ranges::stable_sort(found_, {}, &Found::object);
}

void LiveState::take(const Expected& expected, const kube::Resource& resource, const std::string& set,
                     Json object) {
  const Json& metadata = object["metadata"];
  if (metadata.has("deletionTimestamp")) return;
  if (kube::applied_fields(metadata, kube::field_manager) == nullptr) return;
  const mesh::Reference reference{resource, metadata["namespace"].as_string(), metadata["name"].as_string()};
  Found found{digest_of(set, reference), "", false};
  if (expected.has(found.object))
    found.as_recorded =
        kube::matches_applied_digest(metadata, kube::field_manager, expected.applied(found.object));
  else
    unexpected_[set].push_back(reference);
  const bool as_applied = kube::foreign_fields(metadata, kube::field_manager).empty() &&
                          metadata["ownerReferences"].items().empty();
  object.set("apiVersion", resource.api_version());
  if (as_applied) found.says = digest_of(kube::applied_configuration(object, kube::field_manager));
  found_.push_back(std::move(found));
}

const LiveState::Found* LiveState::find(const std::string& set, const mesh::Reference& reference) const {
  const std::string object = digest_of(set, reference);
  const auto behind = std::ranges::upper_bound(found_, object, {}, &Found::object);
  return behind != found_.begin() && (behind - 1)->object == object ? &*(behind - 1) : nullptr;
}

bool LiveState::mark_unchanged(mesh::Plan& plan) const {
  if (!plan.previous || plan.resumed) return false;
  const std::string set = mesh::record_id(plan.record.egress.name, plan.record.egress.ns);
  bool all = true;
  for (mesh::Object& one : plan.objects) {
    const Found* found = find(set, one.reference);
    const bool same = found != nullptr && !found->says.empty() && found->says == digest_of(one.json);
    one.unchanged = same && found->as_recorded;
    all = all && same;
  }
  return all && says_the_same(*plan.previous, plan);
}

void LiveState::add_extra_members(mesh::Record& record) const {
  const auto found = unexpected_.find(mesh::record_id(record.egress.name, record.egress.ns));
  if (found == unexpected_.end()) return;
  for (const mesh::Reference& one : found->second)
    if (std::ranges::find(record.members, one) == record.members.end()) record.members.push_back(one);
}

}  // namespace egress::fleet
