#include "egress/fleet/survey.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "egress/fleet/mesh_search.hpp"
#include "egress/kube/discovery.hpp"
#include "egress/mesh/names.hpp"
#include "egress/mesh/parts.hpp"
#include "egress/mesh/record.hpp"

namespace egress::fleet {
namespace {

/// The first calls of the wave, and where their answers stand.
enum Look : std::size_t { own_namespace, record, metrics, looks };

constexpr int forbidden = 403;
constexpr int server_fault = 500;

void append(std::vector<kube::Call>& wave, std::vector<kube::Call> calls) {
  std::ranges::move(calls, std::back_inserter(wave));
}

/// Where the pods are to run. A namespace that is yet to be made has the label that the server gives to each
/// (since Kubernetes 1.21); one that may not be looked at is taken to be there, and the dry run tells
/// otherwise.
void read_namespace(Survey& survey, const kube::Answer& answer) {
  survey.placement.ns = survey.ns;
  survey.namespace_exists = !answer.not_found();
  survey.namespace_labels = answer.body["metadata"]["labels"];
  if (answer.ok())
    survey.placement.labels = survey.namespace_labels;
  else if (answer.not_found())
    survey.placement.labels = object({{"kubernetes.io/metadata.name", survey.ns}});
  else if (answer.status != forbidden)
    throw kube::ApiError(*answer.error);
}

/// Whether a namespace that cannot be looked at lets Istio inject, only its pods show.
void warn_of_hidden(Survey& survey, const kube::Answer& answer) {
  if (!survey.placement.labels && survey.mesh.gateway_injection())
    survey.warnings.push_back("that Istio injects the pods of namespace \"" + survey.ns +
                              "\" is assumed: " + answer.error->what());
}

/// Sends the calls, and behind them what rides along.
std::vector<kube::Answer> send(kube::Cluster& cluster, std::vector<kube::Call> wave, kube::Pages* also) {
  const std::size_t own = wave.size();
  if (also != nullptr) append(wave, also->next());
  auto answers = cluster.send(wave);
  if (also != nullptr) also->take(std::span(answers).subspan(own));
  answers.resize(own);
  return answers;
}

}  // namespace

std::string Survey::pod_revision() const {
  return mesh.gateway_injection() ? mesh::revision_label(revisions, mesh, placement) : "";
}

Survey survey(kube::Cluster& cluster, const std::string& gateway, const std::string& ns,
              const MeshFlags& flags, kube::Pages* also) {
  MeshSearch search(flags);
  std::vector<kube::Call> wave(looks);
  wave[own_namespace] = kube::get({kube::kinds::namespaces}, "", ns);
  wave[metrics] = kube::discover("metrics.k8s.io", "v1beta1");
  wave[record] = kube::get(mesh::record_resource, ns, mesh::object_name(gateway));
  append(wave, search.first());
  const std::size_t discovery = wave.size();
  append(wave, kube::discovery(mesh::all_kinds()));
  const auto answers = send(cluster, std::move(wave), also);

  Survey survey;
  survey.ns = ns;
  survey.served = kube::read_discovery(mesh::all_kinds(), std::span(answers).subspan(discovery));
  survey.metrics = !answers[metrics].not_found();
  read_namespace(survey, answers[own_namespace]);
  survey.placement.revision = flags.revision;
  if (!answers[record].not_found()) survey.record = answers[record].value();
  search.take_first(std::span(answers).subspan(looks), survey.placement);
  if (auto more = search.second(); !more.empty()) search.take_second(send(cluster, std::move(more), also));

  survey.mesh = search.mesh();
  survey.revisions = search.revisions();
  survey.mesh_config_known = search.config_known();
  survey.warnings = search.warnings(survey.mesh);
  if (answers[metrics].status >= server_fault)
    survey.warnings.push_back("metrics.k8s.io, by which an autoscaler measures pods, does not answer now: " +
                              std::string(answers[metrics].error->what()));
  warn_of_hidden(survey, answers[own_namespace]);
  return survey;
}

}  // namespace egress::fleet
