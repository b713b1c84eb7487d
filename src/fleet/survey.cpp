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

FleetSurvey::FleetSurvey(kube::Cluster& cluster, std::vector<GatewayRequest> wanted, kube::Pages* also)
    : targets_(std::move(wanted)) {
  kube::Pages listed(targets_.listings());
  ask_first(cluster, std::array{also, &listed});
  while (!listed.is_done()) kube::send(cluster, {}, std::array{also, &listed});
  targets_.take(cluster, std::move(listed).results());
  ask_second(cluster, also);
}

/// Everything that needs no other answer.
void FleetSurvey::ask_first(kube::Cluster& cluster, std::span<kube::Pages* const> also) {
  std::vector<kube::Call> wave(looks);
  wave[metrics] = kube::discover("metrics.k8s.io", "v1beta1");
  append(wave, kube::discovery_calls(mesh::all_kinds()));
  const std::size_t discovered = wave.size();
  append(wave, targets_.calls());
  const std::size_t placed = wave.size();
  std::vector<std::pair<std::string, std::size_t>> searches;
  for (const GatewayRequest& one : targets_.wanted()) {
    if (!first_.try_emplace(search_key(one.flags)).second) continue;
    append(wave, IstioDiscovery(one.flags).first_calls());
    searches.emplace_back(search_key(one.flags), wave.size());
  }
  for (const GatewayRequest& one : targets_.wanted()) rules_.try_emplace(one.ns);
  for (const auto& [ns, rules] : rules_) wave.push_back(kube::RbacRules::rules_review(ns));

  auto answers = kube::send(cluster, std::move(wave), also);
  served_ = kube::read_discovery(mesh::all_kinds(), std::span(answers).subspan(looks, discovered - looks));
  take_metrics(answers[metrics]);
  auto next = answers.begin() + static_cast<std::ptrdiff_t>(placed);
  targets_.take({std::make_move_iterator(answers.begin() + static_cast<std::ptrdiff_t>(discovered)),
                 std::make_move_iterator(next)});
  for (const auto& [key, end] : searches)
    for (; next != answers.begin() + static_cast<std::ptrdiff_t>(end); ++next)
      first_[key].push_back(std::move(*next));
  for (auto& [ns, rules] : rules_) rules = kube::RbacRules(ns, *next++);
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

IstioDiscovery FleetSurvey::search_first(std::size_t i) const {
  const MeshFlags& flags = targets_.wanted()[i].flags;
  IstioDiscovery search(flags);
  search.add_first_answers(first_.at(search_key(flags)), targets_.placement(i));
  return search;
}

void FleetSurvey::ask_second(kube::Cluster& cluster, kube::Pages* also) {
  std::vector<kube::Call> calls;
  std::set<std::string> asked;
  for (std::size_t i = 0; i < targets_.wanted().size(); ++i) {
    const std::string key =
        search_key(targets_.wanted()[i].flags) + '/' + mesh::injection_key(targets_.placement(i));
    if (!asked.insert(key).second) continue;
    try {
      for (kube::Call& call : search_first(i).second_calls())
        if (second_.try_emplace(call.target).second) calls.push_back(std::move(call));
    } catch (const Error&) {
      continue;  // survey() says why
    }
  }
  if (calls.empty()) return;
  auto answers = kube::send(cluster, calls, std::array{also});
  for (std::size_t i = 0; i < calls.size(); ++i) second_[calls[i].target] = std::move(answers[i]);
}

/// Hundreds of gateways find the same.
const FleetSurvey::Found& FleetSurvey::found(std::size_t i) const {
  const MeshFlags& flags = targets_.wanted()[i].flags;
  const std::string key = search_key(flags) + '/' + flags.version + '/' + flags.hub + '/' + flags.tag + '/' +
                          mesh::injection_key(targets_.placement(i));
  const auto known = found_.find(key);
  return known != found_.end() ? known->second : found_.emplace(key, search(i)).first->second;
}

FleetSurvey::Found FleetSurvey::search(std::size_t i) const {
  IstioDiscovery search = search_first(i);
  std::vector<kube::Answer> more;
  for (const kube::Call& call : search.second_calls()) more.push_back(second_.at(call.target));
  if (!more.empty()) search.add_second_answers(more);
  Found found{search.mesh(), search.revisions(), search.mesh_config_known(), {}};
  found.warnings = search.warnings(found.mesh);
  return found;
}

std::vector<const JsonText*> FleetSurvey::records() const {
  std::vector<const JsonText*> found;
  for (std::size_t i = 0; i < targets_.wanted().size(); ++i)
    if (const auto& record = targets_.record(i)) found.push_back(&*record);
  return found;
}

Survey FleetSurvey::survey(std::size_t i) const {
  const NamespaceState& state = targets_.namespace_state(i);
  const Found& istio = found(i);

  Survey survey;
  survey.ns = targets_.wanted()[i].ns;
  survey.served = served_;
  survey.mesh = istio.mesh;
  survey.revisions = istio.revisions;
  survey.placement = targets_.placement(i);
  survey.namespace_exists = state.exists;
  survey.mesh_config_known = istio.mesh_config_known;
  survey.metrics = metrics_;
  survey.namespace_labels = state.labels;
  if (const auto& record = targets_.record(i)) survey.record = record->parse();
  survey.rules = rules_.at(survey.ns);
  survey.warnings = istio.warnings;
  if (!metrics_fault_.empty())
    survey.warnings.push_back("metrics.k8s.io, which autoscaling needs, does not answer: " + metrics_fault_);
  // Whether a namespace that cannot be looked at lets Istio inject, only its pods show.
  if (!survey.placement.labels && survey.mesh.gateway_injection())
    survey.warnings.push_back("assuming that Istio injects pods in namespace/" + survey.ns + ": " +
                              state.get_error);
  return survey;
}

Survey survey(kube::Cluster& cluster, const std::string& gateway, const std::string& ns,
              const MeshFlags& flags, kube::Pages* also) {
  return FleetSurvey(cluster, {{gateway, ns, flags}}, also).survey(0);
}

}  // namespace egress::fleet
