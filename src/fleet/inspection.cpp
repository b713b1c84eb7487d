#include "egress/fleet/inspection.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <set>

#include "egress/base/text.hpp"
#include "egress/fleet/inventory.hpp"
#include "egress/fleet/member_listings.hpp"
#include "egress/kube/applyset.hpp"
#include "egress/mesh/audit_snapshot.hpp"
#include "egress/mesh/full_name.hpp"
#include "egress/mesh/names.hpp"
#include "egress/mesh/object_problem.hpp"

namespace egress::fleet {
namespace {

constexpr std::size_t most_warnings = 10;
constexpr int forbidden = 403;
const kube::Resource events{{"Event", "", "events"}};
const kube::Resource secrets{kube::kinds::secret};

/// A Secret that a gateway names, and the name under which Istio takes it, too.
struct Named {
  mesh::Reference secret;
  std::string other;
  std::string field;
};

std::vector<Named> named_secrets(const mesh::Egress& egress) {
  std::vector<Named> found;
  auto add = [&](const std::string& ns, const std::string& name, const std::string& other,
                 const char* field) {
    if (!name.empty()) found.push_back({{secrets, ns, name}, other, field});
  };
  const mesh::UpstreamTls& tls = egress.tls;
  add(egress.ns, tls.ca_credential, mesh::ca_secret_name(tls.ca_credential), "spec.tls.caCredentialName");
  add(egress.ns, tls.credential, "", "spec.tls.credentialName");
  if (egress.ingress) add(egress.ingress->ns, egress.ingress->credential, "", "spec.ingress.credential");
  return found;
}

kube::Listing by_name(const mesh::Reference& secret, const std::string& name) {
  return {secrets, secret.ns, {.field_selector = "metadata.name=" + name, .metadata_only = true}};
}

mesh::ObjectState state_of_pod(const Json& pod) {
  const Json& metadata = pod["metadata"];
  const std::string phase = printable(pod["status"]["phase"].as_string(), 50);
  const std::string state = metadata.has("deletionTimestamp") ? "Deleting"
                            : mesh::is_pod_ready(pod)         ? "Ready"
                                                              : phase;
  return {
      {{kube::kinds::pod}, metadata["namespace"].as_string(), printable(metadata["name"].as_string(), 300)},
      state,
      metadata["creationTimestamp"].as_string()};
}

/// When it happened last: a series says so at another place than a single event.
std::string last_timestamp(const Json& event) {
  for (const Json* time : {&event["series"]["lastObservedTime"], &event["lastTimestamp"], &event["eventTime"],
                           &event["metadata"]["creationTimestamp"]})
    if (!time->as_string().empty()) return time->as_string();
  return {};
}

bool is_about(const Json& event, const mesh::Summary& summary) {
  const Json& object = event["involvedObject"];
  const std::string& name = object["name"].as_string();
  const std::string stem = mesh::object_name(summary.record.egress.name);
  const std::string& kind = object["kind"].as_string();
  const std::string& ns = object["namespace"].as_string();
  // What a Deployment makes is named after it.
  if (kind == "Pod" || kind == "ReplicaSet")
    return ns == summary.record.egress.ns && name.starts_with(stem + "-");
  return std::ranges::any_of(summary.objects, [&](const mesh::ObjectState& one) {
    return one.reference.name == name && one.reference.ns == ns && one.reference.resource.kind.name == kind;
  });
}

std::vector<Event> warnings_of(const std::vector<Json>& found, const mesh::Summary& summary) {
  std::vector<Event> warnings;
  for (const Json& event : found) {
    if (!is_about(event, summary)) continue;
    const Json& object = event["involvedObject"];
    const auto count = std::max(event["count"].as_integer(1), event["series"]["count"].as_integer(1));
    warnings.push_back({to_lower(object["kind"].as_string()) + "/" + object["name"].as_string(),
                        event["reason"].as_string(), event["message"].as_string(), last_timestamp(event),
                        static_cast<int>(count)});
  }
  std::ranges::stable_sort(warnings, std::greater(), &Event::last_timestamp);
  if (warnings.size() > most_warnings) warnings.resize(most_warnings);
  return warnings;
}

/// The other namespaces in which it may have objects.
std::set<std::string> elsewhere(const mesh::Record& record) {
  std::set<std::string> found;
  if (record.egress.ingress) found.insert(record.egress.ingress->ns);
  for (const mesh::Reference& one : record.members) found.insert(one.ns);
  found.erase(record.egress.ns);
  return found;
}

/// One look at one gateway: a wave of lists, and what each is good for.
class Look {
 public:
  Look(mesh::Record record, const kube::ServedResources& served) : named_(named_secrets(record.egress)) {
    inspection_.summary.record = std::move(record);
    const mesh::Egress& egress = inspection_.summary.record.egress;
    const std::string labels =
        std::string(kube::applyset::part_of_label) + "=" + mesh::record_id(egress.name, egress.ns);
    // Of other kinds it has no objects; one wave goes to its own namespace and beside the ingress gateway.
    listings_ = member_listings(mesh::all_kinds(), served, egress.ns, labels);
    for (const std::string& ns : elsewhere(inspection_.summary.record))
      std::ranges::move(member_listings(cross_namespace_kinds, served, ns, labels),
                        std::back_inserter(listings_));
    for (kube::Listing& one : listings_)
      if (one.resource.kind == kube::kinds::autoscaler) one.options.metadata_only = false;
    members_ = listings_.size();
    // By itself: GCC 12 sees one in braces destroyed before it was made, at -O3.
    kube::Listing pods{{kube::kinds::pod}, egress.ns, {}};
    pods.options.label_selector = mesh::pod_selector(egress.name, egress.ns);
    listings_.push_back(std::move(pods));
    listings_.push_back({events, egress.ns, {.field_selector = "type=Warning"}});
    for (const Named& one : named_) {
      listings_.push_back(by_name(one.secret, one.secret.name));
      listings_.push_back(by_name(one.secret, one.other));
    }
    if (egress.ingress && egress.ingress->ns != egress.ns)
      listings_.push_back({events, egress.ingress->ns, {.field_selector = "type=Warning"}});
  }

  Inspection take(kube::Cluster& cluster) && {
    auto listed = kube::list_all(cluster, listings_);
    std::vector<Json> members;
    mesh::UnlistableKinds hidden;
    for (std::size_t i = 0; i < listed.size(); ++i) {
      if (listed[i].error && listed[i].error->status() != forbidden) throw kube::ApiError(*listed[i].error);
      if (i >= members_) continue;
      if (listed[i].error) hidden.push_back({listings_[i].resource.kind, listings_[i].ns});
      std::ranges::move(parse_all(listed[i].objects), std::back_inserter(members));
    }
    inspection_.summary = mesh::summarize(std::move(inspection_.summary.record), members, hidden);
    for (const Json& one : members)
      if (one["kind"].as_string() == kube::kinds::autoscaler.name)
        add_fault(one["metadata"], "horizontalpodautoscaler.autoscaling/", mesh::autoscaler_problem(one));
    take_pods(parse_all(listed[members_].objects));
    std::vector<Json> told = parse_all(listed[members_ + 1].objects);
    if (const std::size_t beside = members_ + 2 + 2 * named_.size(); beside < listed.size())
      std::ranges::move(parse_all(listed[beside].objects), std::back_inserter(told));
    inspection_.warnings = warnings_of(told, inspection_.summary);
    for (std::size_t i = 0; i < named_.size(); ++i)
      take_secret(named_[i], listed[members_ + 2 + 2 * i], listed[members_ + 3 + 2 * i]);
    return std::move(inspection_);
  }

 private:
  void add_fault(const Json& metadata, const std::string& kind, const std::string& fault) {
    if (!fault.empty())
      inspection_.faults.push_back(kind + printable(metadata["name"].as_string(), 300) + ": " + fault);
  }

  void take_pods(const std::vector<Json>& pods) {
    for (const Json& pod : pods) {
      inspection_.pods.push_back(state_of_pod(pod));
      if (!pod["metadata"].has("deletionTimestamp"))
        add_fault(pod["metadata"], "pod/", mesh::pod_problem(pod));
    }
  }

  void take_secret(const Named& one, const kube::ListResult& found, const kube::ListResult& other) {
    const auto& own = inspection_.summary.objects;
    const bool is_member = std::ranges::any_of(
        own, [&](const mesh::ObjectState& member) { return member.reference == one.secret; });
    if (is_member) return;
    const auto& there = found.objects.empty() ? other.objects : found.objects;
    mesh::ObjectState state{one.secret, "Present", {}};
    if (!there.empty())
      state.creation_timestamp = there.front().parse()["metadata"]["creationTimestamp"].as_string();
    else
      state.state = found.error ? "Unknown" : "Missing";
    if (state.state == "Missing")
      inspection_.faults.push_back(mesh::full_name(one.secret) + ", set in " + one.field +
                                   ", does not exist");
    inspection_.secrets.push_back(std::move(state));
  }

  std::vector<Named> named_;
  std::vector<kube::Listing> listings_;
  std::size_t members_ = 0;
  Inspection inspection_;
};

}  // namespace

std::optional<Inspection> inspect(kube::Cluster& cluster, const std::string& name, const std::string& ns) {
  auto record = std::move(read_records(cluster, {name}, ns).front());
  if (!record) return std::nullopt;
  kube::ServedResources served;
  for (const mesh::Reference& member : record->members)
    if (!member.resource.version.empty() && !served.find(member.resource.kind)) served.add(member.resource);
  return Look(std::move(*record), served).take(cluster);
}

}  // namespace egress::fleet
