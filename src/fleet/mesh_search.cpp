#include "egress/fleet/mesh_search.hpp"

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

MeshSearch::MeshSearch(MeshFlags flags)
    : flags_(std::move(flags)),
      ns_(flags_.ns.empty() ? "istio-system" : flags_.ns),
      revision_(flags_.revision) {}

std::vector<kube::Call> MeshSearch::first() const {
  std::vector<kube::Call> calls{
      kube::list({kube::kinds::deployment}, flags_.ns, {.labels = "app=istiod"}),
      kube::list({kube::kinds::mutating_webhooks}, "", {.labels = "istio.io/rev", .metadata_only = true}),
  };
  std::ranges::move(settings_calls(ns_, revision_), std::back_inserter(calls));
  return calls;
}

MeshSearch::Settings MeshSearch::settings(const kube::Answer& answer, const std::string& name) const {
  if (answer.ok()) return {answer.body["data"], ""};
  if (answer.not_found()) return {{}, "there is no ConfigMap \"" + name + "\" in namespace \"" + ns_ + "\""};
  if (answer.status != forbidden) throw kube::ApiError(*answer.error);
  return {{}, answer.error->what()};
}

void MeshSearch::take_settings(std::span<const kube::Answer> answers) {
  mesh_config_ = settings(answers[0], named_for("istio", revision_));
  injector_ = settings(answers[1], named_for("istio-sidecar-injector", revision_));
}

void MeshSearch::take_first(std::span<const kube::Answer> answers, mesh::Placement placement) {
  placement_ = std::move(placement);
  istiods_hidden_ = hidden(answers[istiods]);
  tags_hidden_ = hidden(answers[webhooks]);
  revisions_ = mesh::read_revisions(items_of(answers[istiods]), items_of(answers[webhooks]));
  choose_istiod(mesh::revision_for(revisions_, placement_));
  if (!elsewhere_) take_settings(answers.subspan(own_settings));
}

void MeshSearch::choose_istiod(const std::string& revision) {
  std::vector<mesh::ControlPlane> meant;
  for (const mesh::ControlPlane& one : revisions_.istiods)
    if (one.revision == revision) meant.push_back(one);
  for (const mesh::ControlPlane& one : meant)
    if (one.ns != meant.front().ns)
      throw Error("this cluster runs the revision \"" + printable(revision, 100) +
                      "\" of Istio in several namespaces",
                  "Choose one: --istio-namespace " + meant.front().ns + " or " + one.ns);
  if (!meant.empty()) istiod_ = meant.front();

  const std::string ns = istiod_ ? istiod_->ns : ns_;
  elsewhere_ = ns != ns_ || named_for("", revision) != named_for("", revision_);
  ns_ = ns;
  revision_ = revision;
}

std::string MeshSearch::shared_config_name() const {
  return istiod_ ? istiod_->variable("SHARED_MESH_CONFIG") : "";
}

std::vector<kube::Call> MeshSearch::second() const {
  std::vector<kube::Call> calls;
  if (elsewhere_) calls = settings_calls(ns_, revision_);
  const std::string shared = shared_config_name();
  if (!shared.empty()) calls.push_back(kube::get({kube::kinds::config_map}, ns_, shared));
  return calls;
}

void MeshSearch::take_second(std::span<const kube::Answer> answers) {
  if (elsewhere_) take_settings(answers);
  const std::string shared = shared_config_name();
  if (!shared.empty()) shared_config_ = settings(answers.back(), shared);
}

mesh::Findings MeshSearch::findings() const {
  return {ns_, revision_, istiod_, mesh_config_.data, shared_config_.data, injector_.data};
}

/// Why the version is not known.
std::string MeshSearch::no_version() const {
  if (istiod_)
    return "neither the image nor the labels of Deployment \"" + printable(istiod_->name, 100) +
           "\" in namespace \"" + istiod_->ns + "\" say its version";
  if (!istiods_hidden_.empty()) return "its control planes cannot be looked at: " + istiods_hidden_;
  const std::string where = flags_.ns.empty() ? "" : " in namespace \"" + flags_.ns + "\"";
  if (revisions_.istiods.empty()) return "no Deployment labelled app=istiod is there" + where;
  return "no Deployment labelled app=istiod and istio.io/rev=" + printable(revision_, 100) + " is there" +
         where;
}

mesh::Mesh MeshSearch::mesh() const {
  const mesh::Findings found = findings();
  const auto seen = mesh::read_version(found);
  if (!seen && flags_.version.empty())
    throw Error("cannot find out which Istio this cluster runs: " + no_version(),
                "Say it: --istio-version 1.30 (and --istio-namespace where it is not istio-system).");
  const mesh::Version version = flags_.version.empty() ? *seen : version_flag(flags_.version);
  if (version < mesh::oldest_version)
    throw Error("this cluster runs Istio " + version.text() + ", which is older than " +
                mesh::oldest_version.text() + ", the oldest that a gateway can be made for");
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
