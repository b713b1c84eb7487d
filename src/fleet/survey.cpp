#include "egress/fleet/survey.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <set>
#include <utility>

#include "egress/base/error.hpp"
#include "egress/kube/discovery.hpp"
#include "egress/mesh/injection.hpp"
#include "egress/mesh/names.hpp"
#include "egress/mesh/parts.hpp"
#include "egress/mesh/record.hpp"

namespace egress::fleet {
namespace {

/// The first calls of the wave, and where their answers stand.
enum Look : std::size_t { metrics, looks };

constexpr int forbidden = 403;
constexpr int unavailable = 503;

void append(std::vector<kube::Call>& wave, std::vector<kube::Call> calls) {
  std::ranges::move(calls, std::back_inserter(wave));
}

/// Two searches of one key ask for the same.
std::string search_key(const MeshFlags& flags) {
  return flags.ns + '/' + flags.revision;
}

}  // namespace

std::string Survey::pod_revision() const {
  return mesh.gateway_injection() ? mesh::revision_label(revisions, mesh, placement) : "";
}

FleetSurvey::FleetSurvey(kube::Cluster& cluster, std::vector<Wanted> wanted, kube::Pages* also)
    : places_(std::move(wanted)) {
  kube::Pages listed(places_.listings());
  ask_first(cluster, std::array{also, &listed});
  while (!listed.done()) kube::send(cluster, {}, std::array{also, &listed});
  places_.take(cluster, std::move(listed).listed());
  ask_second(cluster, also);
}

/// Everything that needs no other answer.
void FleetSurvey::ask_first(kube::Cluster& cluster, std::span<kube::Pages* const> also) {
  std::vector<kube::Call> wave(looks);
  wave[metrics] = kube::discover("metrics.k8s.io", "v1beta1");
  append(wave, kube::discovery(mesh::all_kinds()));
  const std::size_t discovered = wave.size();
  append(wave, places_.calls());
  const std::size_t placed = wave.size();
  std::vector<std::pair<std::string, std::size_t>> searches;
  for (const Wanted& one : places_.wanted()) {
    if (!first_.try_emplace(search_key(one.flags)).second) continue;
    append(wave, MeshSearch(one.flags).first());
    searches.emplace_back(search_key(one.flags), wave.size());
  }
  for (const Wanted& one : places_.wanted()) rules_.try_emplace(one.ns);
  for (const auto& [ns, rules] : rules_) wave.push_back(kube::AccessRules::list(ns));

  auto answers = kube::send(cluster, std::move(wave), also);
  served_ = kube::read_discovery(mesh::all_kinds(), std::span(answers).subspan(looks, discovered - looks));
  take_metrics(answers[metrics]);
  auto next = answers.begin() + static_cast<std::ptrdiff_t>(placed);
  places_.take({std::make_move_iterator(answers.begin() + static_cast<std::ptrdiff_t>(discovered)),
                std::make_move_iterator(next)});
  for (const auto& [key, end] : searches)
    for (; next != answers.begin() + static_cast<std::ptrdiff_t>(end); ++next)
      first_[key].push_back(std::move(*next));
  for (auto& [ns, rules] : rules_) rules = kube::AccessRules(ns, *next++);
}

/// Of an API that is registered, and whose own server is away, the API server says 503 (kube-aggregator,
/// pkg/apiserver/handler_proxy.go); who may not ask is taken to have it, too. Any other fault does not tell.
void FleetSurvey::take_metrics(const kube::Answer& answer) {
  metrics_ = !answer.not_found();
  if (answer.status == unavailable || answer.status == forbidden)
    metrics_fault_ = answer.error->what();
  else if (!answer.ok() && !answer.not_found())
    throw kube::ApiError(*answer.error);
}

MeshSearch FleetSurvey::search_first(std::size_t i) const {
  const MeshFlags& flags = places_.wanted()[i].flags;
  MeshSearch search(flags);
  search.take_first(first_.at(search_key(flags)), places_.placement(i));
  return search;
}

void FleetSurvey::ask_second(kube::Cluster& cluster, kube::Pages* also) {
  std::vector<kube::Call> calls;
  std::set<std::string> asked;
  for (std::size_t i = 0; i < places_.wanted().size(); ++i) {
    const std::string key =
        search_key(places_.wanted()[i].flags) + '/' + mesh::injection_key(places_.placement(i));
    if (!asked.insert(key).second) continue;
    try {
      for (kube::Call& call : search_first(i).second())
        if (second_.try_emplace(call.target).second) calls.push_back(std::move(call));
    } catch (const Error&) {
      continue;  // of() says why
    }
  }
  if (calls.empty()) return;
  auto answers = kube::send(cluster, calls, std::array{also});
  for (std::size_t i = 0; i < calls.size(); ++i) second_[calls[i].target] = std::move(answers[i]);
}

/// Hundreds of gateways find the same.
const FleetSurvey::Found& FleetSurvey::found(std::size_t i) const {
  const MeshFlags& flags = places_.wanted()[i].flags;
  const std::string key = search_key(flags) + '/' + flags.version + '/' + flags.hub + '/' + flags.tag + '/' +
                          mesh::injection_key(places_.placement(i));
  const auto known = found_.find(key);
  return known != found_.end() ? known->second : found_.emplace(key, search(i)).first->second;
}

FleetSurvey::Found FleetSurvey::search(std::size_t i) const {
  MeshSearch search = search_first(i);
  std::vector<kube::Answer> more;
  for (const kube::Call& call : search.second()) more.push_back(second_.at(call.target));
  if (!more.empty()) search.take_second(more);
  Found found{search.mesh(), search.revisions(), search.config_known(), {}};
  found.warnings = search.warnings(found.mesh);
  return found;
}

std::vector<const PackedJson*> FleetSurvey::records() const {
  std::vector<const PackedJson*> found;
  for (std::size_t i = 0; i < places_.wanted().size(); ++i)
    if (const auto& record = places_.record(i)) found.push_back(&*record);
  return found;
}

Survey FleetSurvey::of(std::size_t i) const {
  const Ground& ground = places_.ground(i);
  const Found& istio = found(i);

  Survey survey;
  survey.ns = places_.wanted()[i].ns;
  survey.served = served_;
  survey.mesh = istio.mesh;
  survey.revisions = istio.revisions;
  survey.placement = places_.placement(i);
  survey.namespace_exists = ground.exists;
  survey.mesh_config_known = istio.config_known;
  survey.metrics = metrics_;
  survey.namespace_labels = ground.labels;
  if (const auto& record = places_.record(i)) survey.record = record->unpack();
  survey.rules = rules_.at(survey.ns);
  survey.warnings = istio.warnings;
  if (!metrics_fault_.empty())
    survey.warnings.push_back("metrics.k8s.io, by which an autoscaler measures pods, does not answer now: " +
                              metrics_fault_);
  // Whether a namespace that cannot be looked at lets Istio inject, only its pods show.
  if (!survey.placement.labels && survey.mesh.gateway_injection())
    survey.warnings.push_back("that Istio injects the pods of namespace \"" + survey.ns +
                              "\" is assumed: " + ground.why_hidden);
  return survey;
}

Survey survey(kube::Cluster& cluster, const std::string& gateway, const std::string& ns,
              const MeshFlags& flags, kube::Pages* also) {
  return FleetSurvey(cluster, {{gateway, ns, flags}}, also).of(0);
}

}  // namespace egress::fleet
