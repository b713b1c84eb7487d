#include "egress/base/text.hpp"
#include "egress/fleet/mesh_search.hpp"

namespace egress::fleet {

/// The name that was taken for a revision although it may be a tag; empty where none was.
std::string MeshSearch::unseen_name() const {
  if (tags_hidden_.empty()) return {};
  const Json labels = placement_.labels.value_or(Json());
  const bool names_one = !labels.has("istio-injection");
  const std::string name =
      placement_.revision.empty() && names_one ? labels["istio.io/rev"].as_string() : placement_.revision;
  return name.empty() || revisions_.named(name) ? "" : name;
}

std::vector<std::string> MeshSearch::assumed_of_proxies(const mesh::Mesh& mesh) const {
  std::vector<std::string> values{"cluster domain " + mesh.cluster_domain};
  if (mesh.gateway_injection()) return values;
  const bool image_said = !flags_.hub.empty() && !flags_.tag.empty();
  if (!image_said)
    values.push_back("image " + mesh.hub + "/" + mesh.proxy_image + ":" + mesh.tag +
                     " where --hub and --tag say no other");
  values.push_back("token policy " + mesh.token_policy);
  values.push_back("certificate provider " + mesh.certificate_provider);
  values.push_back("cluster ID " + mesh.cluster_id);
  values.emplace_back("no network");
  return values;
}

std::vector<std::string> MeshSearch::warnings(const mesh::Mesh& mesh) const {
  std::vector<std::string> warnings;
  auto warn = [&](const std::string& text) { warnings.push_back(printable(text)); };
  if (!istiod_ && flags_.version.empty())
    warn("Istio " + mesh.version.text() +
         " is assumed after the tag of its proxies, --istio-version says another: " + no_version());
  if (const std::string name = unseen_name(); !name.empty())
    warn("\"" + name + "\" may be a revision tag; that it means the revision \"" + revision_ +
         "\" of Istio is assumed, --istio-revision says another: " + tags_hidden_);
  if (!mesh_config_.missing.empty())
    warn("Istio's mesh config is not known and its defaults are assumed (trust domain " + mesh.trust_domain +
         ", outbound traffic policy " + mesh.outbound_policy + "): " + mesh_config_.missing);
  if (!shared_config_.missing.empty())
    warn("the mesh config that istiod shares is not known and left out: " + shared_config_.missing);
  if (!injector_.missing.empty())
    warn("the settings of Istio's proxies are not known and its charts' defaults are assumed (" +
         join(assumed_of_proxies(mesh), ", ") + "): " + injector_.missing);
  if (!mesh.gateway_injection() && mesh.version >= mesh::Version{1, 10, 0})
    warn("the injector of Istio " + mesh.version.text() +
         " has no template \"gateway\": the pods are written as for an Istio before 1.10");
  if (mesh.gateway_injection() && mesh::has_both_labels(placement_.labels.value_or(Json())))
    warn("namespace \"" + placement_.ns +
         "\" is labelled both istio-injection and istio.io/rev, and the first wins (IST0123)");
  return warnings;
}

}  // namespace egress::fleet
