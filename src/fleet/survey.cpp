#include "egress/fleet/survey.hpp"

#include <algorithm>
#include <vector>

#include "egress/base/error.hpp"
#include "egress/base/text.hpp"
#include "egress/kube/discovery.hpp"
#include "egress/mesh/names.hpp"
#include "egress/mesh/parts.hpp"
#include "egress/mesh/record.hpp"

namespace egress::fleet {
namespace {

using kube::Resource;

constexpr std::string_view revision_label = "istio.io/rev";
constexpr std::string_view injection_label = "istio-injection";

const std::string& revision_of(const Json& istiod) {
  return istiod["metadata"]["labels"][revision_label].as_string();
}

/// What Istio calls an object of a revision.
std::string named_for(const std::string& name, const std::string& revision) {
  return revision.empty() || revision == "default" ? name : name + "-" + revision;
}

[[noreturn]] void no_mesh(const kube::Answer& deployments) {
  const std::string why = deployments.ok()
                              ? "no Deployment labelled app=istiod is there"
                              : std::string("they cannot be looked at: ") + deployments.error->what();
  throw Error("cannot find out which Istio this cluster runs: " + why,
              "Say it: --istio-version 1.30 (and --istio-namespace where it is not istio-system).");
}

/// The istiod that the flag names, or the namespace's label, or else the default one.
const Json* choose_istiod(const std::vector<Json>& found, const std::string& flag,
                          const Json& namespace_labels) {
  auto of_revision = [&](const std::string& revision) -> const Json* {
    const auto at = std::ranges::find(found, revision, revision_of);
    return at == found.end() ? nullptr : &*at;
  };
  std::vector<std::string> revisions;
  for (const Json& one : found) revisions.push_back(revision_of(one));
  if (!flag.empty()) {
    if (const Json* one = of_revision(flag)) return one;
    throw Error("no istiod of the revision \"" + printable(flag, 100) + "\" is there",
                revisions.empty() ? "" : "There is: " + join(revisions, ", "));
  }
  for (const std::string& wish :
       {namespace_labels[revision_label].as_string(), std::string("default"), std::string()})
    if (const Json* one = of_revision(wish)) return one;
  if (found.size() > 1)
    throw Error("this cluster runs several revisions of Istio and none is the default one",
                "Choose with --istio-revision: " + join(revisions, ", "));
  return found.empty() ? nullptr : &found.front();
}

/// The first calls of the wave, and where their answers stand.
enum Look : std::size_t { istiods, mesh_config, injector, own_namespace, record, looks };

/// Where Istio's ConfigMaps are asked for before it is known where it runs.
struct Guess {
  std::string ns;
  std::string revision;
};

/// The two ConfigMaps that tell of a mesh.
std::vector<kube::Call> mesh_calls(const Guess& guess) {
  const Resource config_map{kube::kinds::config_map};
  return {
      kube::get(config_map, guess.ns, named_for("istio", guess.revision)),
      kube::get(config_map, guess.ns, named_for("istio-sidecar-injector", guess.revision)),
  };
}

/// The istiod that counts; null where none is there or none may be looked at.
Json find_istiod(const kube::Answer& answer, const MeshFlags& flags, const Json& namespace_labels) {
  if (!answer.ok()) return {};
  const Json* chosen = choose_istiod(answer.body["items"].items(), flags.revision, namespace_labels);
  return chosen != nullptr ? *chosen : Json();
}

mesh::Mesh find_mesh(kube::Cluster& cluster, const MeshFlags& flags, const Json& namespace_labels,
                     const Guess& guess, std::span<const kube::Answer> answers) {
  const Json istiod = find_istiod(answers[istiods], flags, namespace_labels);
  Guess place = guess;
  if (!istiod.is_null()) place = {istiod["metadata"]["namespace"].as_string(), revision_of(istiod)};
  Json config = answers[mesh_config].body["data"];
  Json values = answers[injector].body["data"];
  if (place.ns != guess.ns || named_for("", place.revision) != named_for("", guess.revision)) {
    const auto elsewhere = cluster.send(mesh_calls(place));
    config = elsewhere[0].body["data"];
    values = elsewhere[1].body["data"];
  }

  auto mesh = mesh::read_mesh(istiod, config, values);
  if (!mesh && flags.version.empty()) no_mesh(answers[istiods]);
  if (!flags.version.empty()) {
    const mesh::Version said = version_flag(flags.version);
    if (!mesh) mesh = mesh::assumed_mesh(said);
    if (mesh->version != said) mesh->tag = said.text();
    mesh->version = said;
  }
  mesh->revision = place.revision;
  mesh->istio_namespace = place.ns;
  return *mesh;
}

}  // namespace

mesh::Version version_flag(const std::string& text) {
  constexpr mesh::Version oldest{1, 7, 0};
  const auto version = mesh::Version::parse(text);
  if (!version)
    throw UsageError("--istio-version: \"" + printable(text, 100) + "\" is not a version such as 1.30.3");
  if (*version < oldest)
    throw UsageError("--istio-version: Istio " + version->text() + " is older than " + oldest.text() +
                     ", the oldest that a gateway can be made for");
  return *version;
}

std::string Survey::pod_revision() const {
  if (!mesh.gateway_injection()) return {};
  if (namespace_labels[injection_label].as_string() == "disabled")
    throw Error("namespace \"" + ns +
                    "\" is labelled istio-injection=disabled: Istio would not make a gateway of "
                    "the pods",
                "Choose another namespace, or take the label away: kubectl label namespace " + ns +
                    " istio-injection-");
  const bool namespace_says = namespace_labels.has(revision_label) || namespace_labels.has(injection_label);
  return mesh.has_revision() && !namespace_says ? mesh.revision : "";
}

Survey survey(kube::Cluster& cluster, const std::string& gateway, const std::string& ns,
              const MeshFlags& flags) {
  const Guess guess{flags.ns.empty() ? "istio-system" : flags.ns, flags.revision};
  const auto istio = mesh_calls(guess);
  std::vector<kube::Call> wave(looks);
  wave[istiods] = kube::list({kube::kinds::deployment}, flags.ns, {.labels = "app=istiod"});
  wave[mesh_config] = istio[0];
  wave[injector] = istio[1];
  wave[own_namespace] = kube::get({kube::kinds::namespaces}, "", ns);
  wave[record] = kube::get(mesh::record_resource, ns, mesh::object_name(gateway));
  for (kube::Call& call : kube::discovery(mesh::all_kinds())) wave.push_back(std::move(call));
  const auto answers = cluster.send(wave);

  Survey survey;
  survey.ns = ns;
  survey.served = kube::read_discovery(mesh::all_kinds(), std::span(answers).subspan(looks));
  // A namespace that may not be looked at is taken to be there; the dry run tells otherwise.
  survey.namespace_exists = !answers[own_namespace].not_found();
  survey.namespace_labels = answers[own_namespace].body["metadata"]["labels"];
  if (!answers[record].not_found()) survey.record = answers[record].value();
  survey.mesh = find_mesh(cluster, flags, survey.namespace_labels, guess, answers);
  return survey;
}

}  // namespace egress::fleet
