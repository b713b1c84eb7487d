#include "egress/fleet/target_lookup.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <span>
#include <utility>

#include "egress/fleet/namespaced_listing.hpp"
#include "egress/mesh/names.hpp"
#include "egress/mesh/record.hpp"

namespace egress::fleet {
namespace {

constexpr int forbidden = 403;
/// Each of so few is asked for by itself.
constexpr std::size_t most_asked_for = 4;
/// Of records at one time: each is read into many times as much.
constexpr int page = 100;

kube::Call record_call(const GatewayRequest& one) {
  return kube::get(mesh::record_resource, one.ns, mesh::object_name(one.gateway));
}

}  // namespace

TargetLookup::TargetLookup(std::vector<GatewayRequest> wanted)
    : wanted_(std::move(wanted)), records_(wanted_.size()) {
  for (const GatewayRequest& one : wanted_) namespaces_.try_emplace(one.ns);
}

/// A namespace that is yet to be made has the label that the server gives to each (since Kubernetes 1.21).
mesh::Placement TargetLookup::placement(std::size_t i) const {
  const NamespaceState& own = namespace_state(i);
  mesh::Placement placement{wanted_[i].ns, std::nullopt, wanted_[i].flags.revision};
  if (!own.exists)
    placement.labels = object({{"kubernetes.io/metadata.name", wanted_[i].ns}});
  else if (own.get_error.empty())
    placement.labels = own.labels;
  return placement;
}

bool TargetLookup::lists_namespaces() const {
  return namespaces_.size() > most_asked_for;
}

bool TargetLookup::lists_records() const {
  return wanted_.size() > most_asked_for;
}

std::vector<kube::Call> TargetLookup::calls() const {
  std::vector<kube::Call> calls;
  if (!lists_namespaces())
    for (const auto& [ns, state] : namespaces_) calls.push_back(kube::get({kube::kinds::namespaces}, "", ns));
  if (!lists_records()) std::ranges::transform(wanted_, std::back_inserter(calls), record_call);
  return calls;
}

std::vector<kube::Listing> TargetLookup::listings() const {
  std::vector<kube::Listing> listings;
  if (lists_namespaces())
    listings.push_back({{kube::kinds::namespaces}, "", {.metadata_only = true}, kube::drop_managed_fields});
  if (!lists_records()) return listings;
  std::set<std::string> ids;
  for (const GatewayRequest& one : wanted_) ids.insert(mesh::record_id(one.gateway, one.ns));
  listings.push_back({mesh::record_resource,
                      namespaces_.size() == 1 ? wanted_.front().ns : "",
                      {.label_selector = mesh::record_selector(ids), .limit = page},
                      kube::drop_managed_fields});
  return listings;
}

void TargetLookup::take(std::vector<kube::Answer> answers) {
  auto next = answers.begin();
  if (!lists_namespaces())
    for (auto& [ns, state] : namespaces_) take_namespace(state, *next++);
  if (lists_records()) return;
  for (std::optional<JsonText>& record : records_) {
    kube::Answer& answer = *next++;
    if (!answer.not_found()) record = JsonText(answer.release());
  }
}

/// Where a namespace may not be looked at, the dry run tells whether it is there.
void TargetLookup::take_namespace(NamespaceState& state, const kube::Answer& answer) const {
  if (!answer.ok() && !answer.not_found() && answer.status != forbidden) throw kube::ApiError(*answer.error);
  state.exists = !answer.not_found();
  state.labels = answer.body["metadata"]["labels"];
  if (answer.status == forbidden) state.get_error = answer.error->what();
}

void TargetLookup::take(kube::Cluster& cluster, std::vector<kube::ListResult> listed) {
  auto next = listed.begin();
  if (lists_namespaces()) take_namespaces(*next++);
  if (!lists_records()) return;
  if (next->error)
    ask_for_records(cluster);
  else
    take_records(next->objects);
}

void TargetLookup::take_namespaces(const kube::ListResult& listed) {
  if (listed.error && listed.error->status() != forbidden) throw kube::ApiError(*listed.error);
  for (auto& [ns, state] : namespaces_) {
    state.exists = listed.error.has_value();
    if (listed.error) state.get_error = listed.error->what();
  }
  for (const JsonText& packed : listed.objects) {
    const Json one = packed.parse();
    const auto state = namespaces_.find(one["metadata"]["name"].as_string());
    if (state != namespaces_.end()) state->second = {true, "", one["metadata"]["labels"]};
  }
}

void TargetLookup::take_records(const std::vector<JsonText>& records) {
  std::map<std::pair<std::string, std::string>, const JsonText*> by_name;
  for (const JsonText& record : records) {
    const Json one = record.parse();
    by_name.try_emplace({one["metadata"]["namespace"].as_string(), one["metadata"]["name"].as_string()},
                        &record);
  }
  for (std::size_t i = 0; i < wanted_.size(); ++i) {
    const auto own = by_name.find({wanted_[i].ns, mesh::object_name(wanted_[i].gateway)});
    if (own != by_name.end()) records_[i] = *own->second;
  }
}

void TargetLookup::ask_for_records(kube::Cluster& cluster) {
  std::vector<kube::Call> calls;
  std::ranges::transform(wanted_, std::back_inserter(calls), record_call);
  cluster.send(calls, [&](std::size_t i, kube::Answer answer) {
    if (!answer.not_found()) records_[i] = JsonText(answer.release());
  });
}

}  // namespace egress::fleet
