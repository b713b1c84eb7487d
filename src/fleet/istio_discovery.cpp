#include "egress/fleet/istio_discovery.hpp"

#include <algorithm>
#include <utility>

#include "egress/base/error.hpp"
#include "egress/base/text.hpp"

namespace egress::fleet {
namespace {

/// The calls of the first wave, and where their answers stand.
enum Look : std::size_t { istiods, webhooks, own_settings };

constexpr int forbidden = 403;

/// What Istio calls an object of a revision.
std::string named_for(const std::string& name, const std::string& revision) {
  return revision.empty() || revision == "default" ? name : name + "-" + revision;
}

/// The two ConfigMaps that tell of a mesh.
std::vector<kube::Call> settings_calls(const std::string& ns, const std::string& revision) {
  const kube::Resource config_map{kube::kinds::config_map};
  return {
      kube::get(config_map, ns, named_for("istio", revision)),
      kube::get(config_map, ns, named_for("istio-sidecar-injector", revision)),
  };
}

/// Why a list cannot be looked at; empty where it can. Throws what is neither the user's nor Istio's fault.
std::string hidden(const kube::Answer& answer) {
  if (answer.ok() || answer.not_found()) return {};
  if (answer.status != forbidden) throw kube::ApiError(*answer.error);
  return answer.error->what();
}

/// The items of a list; null where they cannot be looked at.
Json items_of(const kube::Answer& answer) {
  if (!hidden(answer).empty()) return {};
  return answer.body["items"].is_array() ? answer.body["items"] : Json(Json::Array{});
}

}  // namespace

IstioDiscovery::IstioDiscovery(MeshFlags flags)
    : flags_(std::move(flags)),
      ns_(flags_.ns.empty() ? "istio-system" : flags_.ns),
      revision_(flags_.revision) {}

std::vector<kube::Call> IstioDiscovery::first_calls() const {
  std::vector<kube::Call> calls{
      kube::list({kube::kinds::deployment}, flags_.ns, {.label_selector = "app=istiod"}),
      kube::list({kube::kinds::mutating_webhooks}, "",
                 {.label_selector = "istio.io/rev", .metadata_only = true}),
  };
  std::ranges::move(settings_calls(ns_, revision_), std::back_inserter(calls));
  return calls;
}

IstioDiscovery::Settings IstioDiscovery::settings(const kube::Answer& answer, const std::string& name) const {
  if (answer.ok()) return {answer.body["data"], ""};
  if (answer.not_found()) return {{}, "configmap/" + name + " -n " + ns_ + " does not exist"};
  if (answer.status != forbidden) throw kube::ApiError(*answer.error);
  return {{}, answer.error->what()};
}

void IstioDiscovery::take_settings(std::span<const kube::Answer> answers) {
  mesh_config_ = settings(answers[0], named_for("istio", revision_));
  injector_ = settings(answers[1], named_for("istio-sidecar-injector", revision_));
}

void IstioDiscovery::add_first_answers(std::span<const kube::Answer> answers, mesh::Placement placement) {
  placement_ = std::move(placement);
  istiods_hidden_ = hidden(answers[istiods]);
  tags_hidden_ = hidden(answers[webhooks]);
  revisions_ = mesh::read_revisions(items_of(answers[istiods]), items_of(answers[webhooks]));
  choose_istiod(mesh::revision_for(revisions_, placement_));
  if (!elsewhere_) take_settings(answers.subspan(own_settings));
}

void IstioDiscovery::choose_istiod(const std::string& revision) {
  std::vector<mesh::ControlPlane> meant;
  for (const mesh::ControlPlane& one : revisions_.istiods)
    if (one.revision == revision) meant.push_back(one);
  for (const mesh::ControlPlane& one : meant)
    if (one.ns != meant.front().ns)
      throw Error("Istio revision \"" + printable(revision, 100) + "\" runs in several namespaces",
                  "choose one: --istio-namespace " + meant.front().ns + " or " + one.ns);
  if (!meant.empty()) istiod_ = meant.front();

  const std::string ns = istiod_ ? istiod_->ns : ns_;
  elsewhere_ = ns != ns_ || named_for("", revision) != named_for("", revision_);
  ns_ = ns;
  revision_ = revision;
}

std::string IstioDiscovery::shared_config_name() const {
  return istiod_ ? istiod_->variable("SHARED_MESH_CONFIG") : "";
}

std::vector<kube::Call> IstioDiscovery::second_calls() const {
  std::vector<kube::Call> calls;
  if (elsewhere_) calls = settings_calls(ns_, revision_);
  const std::string shared = shared_config_name();
  if (!shared.empty()) calls.push_back(kube::get({kube::kinds::config_map}, ns_, shared));
  return calls;
}

void IstioDiscovery::add_second_answers(std::span<const kube::Answer> answers) {
  if (elsewhere_) take_settings(answers);
  const std::string shared = shared_config_name();
  if (!shared.empty()) shared_config_ = settings(answers.back(), shared);
}

mesh::IstioConfig IstioDiscovery::findings() const {
  return {ns_, revision_, istiod_, mesh_config_.data, shared_config_.data, injector_.data};
}

/// Why the version is not known.
std::string IstioDiscovery::no_version() const {
  if (istiod_)
    return "neither the image nor the labels of deployment.apps/" + printable(istiod_->name, 100) + " -n " +
           istiod_->ns + " contain a version";
  if (!istiods_hidden_.empty()) return "its control planes could not be read: " + istiods_hidden_;
  const std::string where = flags_.ns.empty() ? "" : " in namespace \"" + flags_.ns + "\"";
  if (revisions_.istiods.empty()) return "no Deployment with the label app=istiod exists" + where;
  return "no Deployment with the labels app=istiod and istio.io/rev=" + printable(revision_, 100) +
         " exists" + where;
}

mesh::Mesh IstioDiscovery::mesh() const {
  const mesh::IstioConfig found = findings();
  const auto seen = mesh::read_version(found);
  if (!seen && flags_.version.empty())
    throw Error("cannot determine the cluster's Istio version: " + no_version(),
                "set --istio-version, for example --istio-version 1.30, and --istio-namespace if it is not "
                "istio-system");
  const mesh::Version version = flags_.version.empty() ? *seen : parse_version_flag(flags_.version);
  if (version < mesh::oldest_version)
    throw Error("Istio " + version.text() + " is not supported: the oldest supported version is " +
                mesh::oldest_version.text());
  mesh::Mesh mesh = mesh::read_mesh(found, version);
  if (seen && *seen != version) {
    // What the cluster has is another Istio's.
    mesh.tag = version.text();
    mesh.gateway_template.reset();
  }
  mesh::override_image(mesh, flags_.hub, flags_.tag);
  return mesh;
}

}  // namespace egress::fleet
