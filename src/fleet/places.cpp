#include "egress/fleet/places.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "egress/mesh/names.hpp"
#include "egress/mesh/record.hpp"

namespace egress::fleet {
namespace {

/// Of one gateway.
enum Own : std::size_t { own_namespace, own_record };
/// Of several.
enum All : std::size_t { all_namespaces, all_records };

constexpr int forbidden = 403;

kube::Call record_call(const Wanted& one) {
  return kube::get(mesh::record_resource, one.ns, mesh::object_name(one.gateway));
}

}  // namespace

Places::Places(std::vector<Wanted> wanted) : wanted_(std::move(wanted)), places_(wanted_.size()) {}

/// A namespace that is yet to be made has the label that the server gives to each (since Kubernetes 1.21).
mesh::Placement Places::placement(std::size_t i) const {
  const Place& place = places_[i];
  mesh::Placement placement{wanted_[i].ns, std::nullopt, wanted_[i].flags.revision};
  if (!place.exists)
    placement.labels = object({{"kubernetes.io/metadata.name", wanted_[i].ns}});
  else if (place.why_hidden.empty())
    placement.labels = place.labels;
  return placement;
}

std::vector<kube::Call> Places::calls() const {
  if (wanted_.size() != 1) return {};
  return {kube::get({kube::kinds::namespaces}, "", wanted_.front().ns), record_call(wanted_.front())};
}

std::vector<kube::Listing> Places::listings() const {
  if (wanted_.size() < 2) return {};
  const std::string& ns = wanted_.front().ns;
  const bool one_namespace = std::ranges::all_of(wanted_, [&](const Wanted& one) { return one.ns == ns; });
  return {{{kube::kinds::namespaces}, "", {.metadata_only = true}, kube::drop_managed_fields},
          {mesh::record_resource,
           one_namespace ? ns : "",
           {.labels = mesh::record_selector()},
           kube::drop_managed_fields}};
}

/// Where a namespace may not be looked at, the dry run tells whether it is there.
void Places::take(std::span<const kube::Answer> answers) {
  if (answers.empty()) return;
  const kube::Answer& seen = answers[own_namespace];
  if (!seen.ok() && !seen.not_found() && seen.status != forbidden) throw kube::ApiError(*seen.error);
  Place& place = places_.front();
  place.exists = !seen.not_found();
  place.labels = seen.body["metadata"]["labels"];
  if (seen.status == forbidden) place.why_hidden = seen.error->what();
  if (!answers[own_record].not_found()) place.record = answers[own_record].value();
}

void Places::take(kube::Cluster& cluster, std::vector<kube::Listed> listed) {
  if (listed.empty()) return;
  take_namespaces(listed[all_namespaces]);
  if (listed[all_records].error)
    ask_for_records(cluster);
  else
    take_records(std::move(listed[all_records].objects));
}

void Places::take_namespaces(const kube::Listed& listed) {
  if (listed.error && listed.error->status() != forbidden) throw kube::ApiError(*listed.error);
  std::map<std::string, Json> labels;
  for (const Json& one : listed.objects)
    labels[one["metadata"]["name"].as_string()] = one["metadata"]["labels"];
  for (std::size_t i = 0; i < wanted_.size(); ++i) {
    Place& place = places_[i];
    const auto own = labels.find(wanted_[i].ns);
    place.exists = listed.error || own != labels.end();
    if (own != labels.end()) place.labels = own->second;
    if (listed.error) place.why_hidden = listed.error->what();
  }
}

void Places::take_records(std::vector<Json> records) {
  std::map<std::pair<std::string, std::string>, Json> by_name;
  for (Json& one : records) {
    std::pair name(one["metadata"]["namespace"].as_string(), one["metadata"]["name"].as_string());
    by_name.emplace(std::move(name), std::move(one));
  }
  for (std::size_t i = 0; i < wanted_.size(); ++i) {
    const auto own = by_name.find({wanted_[i].ns, mesh::object_name(wanted_[i].gateway)});
    if (own != by_name.end()) places_[i].record = std::move(own->second);
  }
}

void Places::ask_for_records(kube::Cluster& cluster) {
  std::vector<kube::Call> calls;
  for (const Wanted& one : wanted_) calls.push_back(record_call(one));
  auto answers = cluster.send(calls);
  for (std::size_t i = 0; i < answers.size(); ++i)
    if (!answers[i].not_found()) places_[i].record = answers[i].take();
}

}  // namespace egress::fleet
