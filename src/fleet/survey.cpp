#include "egress/fleet/survey.hpp"

#include <algorithm>
#include <vector>

#include "egress/base/error.hpp"
#include "egress/base/text.hpp"
#include "egress/kube/discovery.hpp"
#include "egress/mesh/names.hpp"
#include "egress/mesh/parts.hpp"

namespace egress::fleet {
namespace {

using kube::Resource;

constexpr std::string_view revision_label = "istio.io/rev";
constexpr std::string_view injection_label = "istio-injection";

std::string default_istio_namespace(const MeshFlags& flags) {
  return flags.ns.empty() ? "istio-system" : flags.ns;
}

const std::string& revision_of(const Json& istiod) {
  return istiod["metadata"]["labels"][revision_label].as_string();
}

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

struct MeshData {
  Json mesh;
  Json injector;
};

/// The ConfigMaps of an Istio elsewhere than where the first wave looked.
MeshData look_elsewhere(kube::Cluster& cluster, const std::string& ns, const std::string& revision) {
  const Resource config_map{kube::kinds::config_map};
  const std::vector<kube::Call> wave{
      kube::get(config_map, ns, named_for("istio", revision)),
      kube::get(config_map, ns, named_for("istio-sidecar-injector", revision)),
  };
  const auto answers = cluster.send(wave);
  return {answers[0].body["data"], answers[1].body["data"]};
}

mesh::Mesh find_mesh(kube::Cluster& cluster, const MeshFlags& flags, const Survey& survey,
                     std::span<const kube::Answer> answers) {
  const kube::Answer& deployments = answers[0];
  const Json* istiod = nullptr;
  std::vector<Json> found;
  if (deployments.ok()) {
    found = deployments.body["items"].items();
    if (!flags.ns.empty())
      std::erase_if(found,
                    [&](const Json& one) { return one["metadata"]["namespace"].as_string() != flags.ns; });
    istiod = choose_istiod(found, flags.revision, survey.namespace_labels);
  }

  const std::string ns =
      istiod != nullptr ? (*istiod)["metadata"]["namespace"].as_string() : default_istio_namespace(flags);
  const std::string revision = istiod != nullptr ? revision_of(*istiod) : flags.revision;
  MeshData data{answers[1].body["data"], answers[2].body["data"]};
  if (ns != default_istio_namespace(flags) || named_for("", revision) != "")
    data = look_elsewhere(cluster, ns, revision);

  auto mesh = mesh::read_mesh(istiod != nullptr ? *istiod : Json(), data.mesh, data.injector);
  if (flags.version.empty()) {
    if (!mesh) no_mesh(deployments);
    return *mesh;
  }
  const mesh::Version said = version_flag(flags.version);
  if (!mesh) mesh = mesh::assumed_mesh(said);
  if (mesh->version != said) mesh->tag = said.text();
  mesh->version = said;
  if (!flags.revision.empty()) mesh->revision = flags.revision;
  if (istiod == nullptr) mesh->istio_namespace = ns;
  return *mesh;
}

}  // namespace

mesh::Version version_flag(const std::string& text) {
  const auto version = mesh::Version::parse(text);
  if (!version)
    throw Error("--istio-version: \"" + printable(text, 100) + "\" is not a version such as 1.30.3");
  return *version;
}

std::string Survey::pod_revision() const {
  if (!mesh.gateway_injection()) return {};
  if (namespace_labels[injection_label].as_string() == "disabled")
    throw Error(
        "the namespace is labelled istio-injection=disabled: Istio would not make a gateway of the pods",
        "Choose another namespace, or take the label away: kubectl label namespace NS istio-injection-");
  const bool namespace_says = namespace_labels.has(revision_label) || namespace_labels.has(injection_label);
  return mesh.has_revision() && !namespace_says ? mesh.revision : "";
}

Survey survey(kube::Cluster& cluster, const std::string& gateway, const std::string& ns,
              const MeshFlags& flags) {
  const Resource config_map{kube::kinds::config_map};
  const std::string istio_ns = default_istio_namespace(flags);
  std::vector<kube::Call> wave{
      kube::list({kube::kinds::deployment}, "", {.labels = "app=istiod"}),
      kube::get(config_map, istio_ns, "istio"),
      kube::get(config_map, istio_ns, "istio-sidecar-injector"),
      kube::get({kube::kinds::namespaces}, "", ns),
      kube::get(config_map, ns, mesh::object_name(gateway)),
  };
  const std::size_t looks = wave.size();
  for (kube::Call& call : kube::discovery(mesh::all_kinds())) wave.push_back(std::move(call));
  const auto answers = cluster.send(wave);

  Survey survey;
  survey.served = kube::read_discovery(mesh::all_kinds(), std::span(answers).subspan(looks));
  // A namespace that may not be looked at is taken to be there; the dry run tells otherwise.
  survey.namespace_exists = !answers[3].not_found();
  survey.namespace_labels = answers[3].body["metadata"]["labels"];
  if (!answers[4].not_found()) survey.record = answers[4].value();
  survey.mesh = find_mesh(cluster, flags, survey, answers);
  return survey;
}

}  // namespace egress::fleet
