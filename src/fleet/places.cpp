#include "egress/fleet/places.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <span>
#include <utility>

#include "egress/fleet/scattered.hpp"
#include "egress/mesh/names.hpp"
#include "egress/mesh/record.hpp"

namespace egress::fleet {
namespace {

constexpr int forbidden = 403;
/// Each of so few is asked for by itself.
constexpr std::size_t most_asked_for = 4;
/// Of records at one time: each is read into many times as much.
constexpr int page = 100;

kube::Call record_call(const Wanted& one) {
  return kube::get(mesh::record_resource, one.ns, mesh::object_name(one.gateway));
}

}  // namespace

Places::Places(std::vector<Wanted> wanted) : wanted_(std::move(wanted)), records_(wanted_.size()) {
  for (const Wanted& one : wanted_) grounds_.try_emplace(one.ns);
}

/// A namespace that is yet to be made has the label that the server gives to each (since Kubernetes 1.21).
mesh::Placement Places::placement(std::size_t i) const {
  const Ground& own = ground(i);
  mesh::Placement placement{wanted_[i].ns, std::nullopt, wanted_[i].flags.revision};
  if (!own.exists)
    placement.labels = object({{"kubernetes.io/metadata.name", wanted_[i].ns}});
  else if (own.why_hidden.empty())
    placement.labels = own.labels;
  return placement;
}

bool Places::lists_namespaces() const {
  return grounds_.size() > most_asked_for;
}

bool Places::lists_records() const {
  return wanted_.size() > most_asked_for;
}

std::vector<kube::Call> Places::calls() const {
  std::vector<kube::Call> calls;
  if (!lists_namespaces())
    for (const auto& [ns, ground] : grounds_) calls.push_back(kube::get({kube::kinds::namespaces}, "", ns));
  if (!lists_records()) std::ranges::transform(wanted_, std::back_inserter(calls), record_call);
  return calls;
}

std::vector<kube::Listing> Places::listings() const {
  std::vector<kube::Listing> listings;
  if (lists_namespaces())
    listings.push_back({{kube::kinds::namespaces}, "", {.metadata_only = true}, kube::drop_managed_fields});
  if (!lists_records()) return listings;
  std::set<std::string> ids;
  for (const Wanted& one : wanted_) ids.insert(mesh::record_id(one.gateway, one.ns));
  listings.push_back({mesh::record_resource,
                      grounds_.size() == 1 ? wanted_.front().ns : "",
                      {.labels = mesh::record_selector(ids), .limit = page},
                      kube::drop_managed_fields});
  return listings;
}

void Places::take(std::vector<kube::Answer> answers) {
  auto next = answers.begin();
  if (!lists_namespaces())
    for (auto& [ns, ground] : grounds_) take_namespace(ground, *next++);
  if (lists_records()) return;
  for (std::optional<PackedJson>& record : records_) {
    kube::Answer& answer = *next++;
    if (!answer.not_found()) record = PackedJson(answer.take());
  }
}

/// Where a namespace may not be looked at, the dry run tells whether it is there.
void Places::take_namespace(Ground& ground, const kube::Answer& answer) const {
  if (!answer.ok() && !answer.not_found() && answer.status != forbidden) throw kube::ApiError(*answer.error);
  ground.exists = !answer.not_found();
  ground.labels = answer.body["metadata"]["labels"];
  if (answer.status == forbidden) ground.why_hidden = answer.error->what();
}

void Places::take(kube::Cluster& cluster, std::vector<kube::Listed> listed) {
  auto next = listed.begin();
  if (lists_namespaces()) take_namespaces(*next++);
  if (!lists_records()) return;
  if (next->error)
    ask_for_records(cluster);
  else
    take_records(next->objects);
}

void Places::take_namespaces(const kube::Listed& listed) {
  if (listed.error && listed.error->status() != forbidden) throw kube::ApiError(*listed.error);
  for (auto& [ns, ground] : grounds_) {
    ground.exists = listed.error.has_value();
    if (listed.error) ground.why_hidden = listed.error->what();
  }
  for (const PackedJson& packed : listed.objects) {
    const Json one = packed.unpack();
    const auto ground = grounds_.find(one["metadata"]["name"].as_string());
    if (ground != grounds_.end()) ground->second = {true, "", one["metadata"]["labels"]};
  }
}

void Places::take_records(const std::vector<PackedJson>& records) {
  std::map<std::pair<std::string, std::string>, const PackedJson*> by_name;
  for (const PackedJson& record : records) {
    const Json one = record.unpack();
    by_name.try_emplace({one["metadata"]["namespace"].as_string(), one["metadata"]["name"].as_string()},
                        &record);
  }
  for (std::size_t i = 0; i < wanted_.size(); ++i) {
    const auto own = by_name.find({wanted_[i].ns, mesh::object_name(wanted_[i].gateway)});
    if (own != by_name.end()) records_[i] = *own->second;
  }
}

void Places::ask_for_records(kube::Cluster& cluster) {
  std::vector<kube::Call> calls;
  std::ranges::transform(wanted_, std::back_inserter(calls), record_call);
  cluster.send(calls, [&](std::size_t i, kube::Answer answer) {
    if (!answer.not_found()) records_[i] = PackedJson(answer.take());
  });
}

}  // namespace egress::fleet
