#include "egress/base/text.hpp"
#include "egress/fleet/istio_discovery.hpp"

namespace egress::fleet {

/// The name that was taken for a revision although it may be a tag; empty where none was.
std::string IstioDiscovery::unseen_name() const {
  if (tags_hidden_.empty()) return {};
  const Json labels = placement_.labels.value_or(Json());
  const bool names_one = !labels.has("istio-injection");
  const std::string name =
      placement_.revision.empty() && names_one ? labels["istio.io/rev"].as_string() : placement_.revision;
  return name.empty() || revisions_.resolve(name) ? "" : name;
}

std::vector<std::string> IstioDiscovery::assumed_of_proxies(const mesh::Mesh& mesh) const {
  std::vector<std::string> values{"cluster domain " + mesh.cluster_domain};
  if (mesh.gateway_injection()) return values;
  const bool image_said = !flags_.hub.empty() && !flags_.tag.empty();
  if (!image_said)
    values.push_back("image " + mesh.hub + "/" + mesh.proxy_image + ":" + mesh.tag +
                     " unless --hub and --tag are set");
  values.push_back("token policy " + mesh.token_policy);
  values.push_back("certificate provider " + mesh.certificate_provider);
  values.push_back("cluster ID " + mesh.cluster_id);
  values.emplace_back("no network");
  return values;
}

std::vector<std::string> IstioDiscovery::warnings(const mesh::Mesh& mesh) const {
  std::vector<std::string> warnings;
  auto warn = [&](const std::string& text) { warnings.push_back(printable(text)); };
  if (!istiod_ && flags_.version.empty())
    warn("assuming Istio " + mesh.version.text() +
         " from the tag of its proxies (override with --istio-version): " + no_version());
  if (const std::string name = unseen_name(); !name.empty())
    warn("\"" + name + "\" may be a revision tag; assuming that it points to revision \"" + revision_ +
         "\" (override with --istio-revision): " + tags_hidden_);
  if (!mesh_config_.missing.empty())
    warn("the mesh configuration could not be read; assuming its defaults (trust domain " +
         mesh.trust_domain + ", outbound traffic policy " + mesh.outbound_policy +
         "): " + mesh_config_.missing);
  if (!shared_config_.missing.empty())
    warn("the shared mesh configuration of istiod could not be read and is ignored: " +
         shared_config_.missing);
  if (!injector_.missing.empty())
    warn("the injection settings of Istio could not be read; assuming the defaults of its charts (" +
         join(assumed_of_proxies(mesh), ", ") + "): " + injector_.missing);
  if (!mesh.gateway_injection() && mesh.version >= mesh::Version{1, 10, 0})
    warn("the injection webhook of Istio " + mesh.version.text() +
         " has no template \"gateway\"; generating the pods as for Istio before 1.10");
  if (mesh.gateway_injection() && mesh::has_both_labels(placement_.labels.value_or(Json())))
    warn("namespace/" + placement_.ns +
         " has both labels istio-injection and istio.io/rev, and the first one wins (IST0123)");
  return warnings;
}

}  // namespace egress::fleet
