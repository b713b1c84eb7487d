#include <algorithm>
#include <set>

#include "egress/base/text.hpp"
#include "egress/mesh/audit/commands.hpp"
#include "egress/mesh/audit/phrases.hpp"
#include "egress/mesh/audit/rules.hpp"
#include "egress/mesh/names.hpp"

namespace egress::mesh {
namespace {

constexpr const char* proxy_container = "istio-proxy";
constexpr const char* revision_label = "istio.io/rev";

const Json& find_proxy(const Json& pod_spec) {
  static const Json none;
  for (const Json& container : pod_spec["containers"].items())
    if (container["name"].as_string() == proxy_container) return container;
  return none;
}

std::string image_tag(const std::string& image) {
  const std::size_t colon = image.substr(0, image.find('@')).rfind(':');
  return colon == std::string::npos ? "" : image.substr(colon + 1);
}

const std::string& environment_value(const Json& container, std::string_view name) {
  static const std::string none;
  for (const Json& variable : container["env"].items())
    if (variable["name"].as_string() == name) return variable["value"].as_string();
  return none;
}

std::string restart_command(const AuditedGateway& gateway) {
  return "kubectl rollout restart " + gateway.workload().display_name() + in_namespace(gateway.egress.ns);
}

/// The version of the istiod that configures pods of that revision.
Version version_for(const std::string& revision, const AuditIndex& index) {
  const std::string name = index.revisions.resolve(revision).value_or(revision);
  for (const ControlPlane& istiod : index.revisions.istiods)
    if (!name.empty() && istiod.revision == name && istiod.version) return *istiod.version;
  return index.mesh.version;
}

/// Counts over the gateway's pods.
struct PodCounts {
  std::size_t uninjected = 0;                    ///< pods whose image was not set by injection
  std::set<std::string> other_versions;          ///< versions of proxies that differ from the control plane's
  std::set<std::string> control_plane_versions;  ///< the versions of those control planes
  std::set<std::string> unknown_revisions;
};

void count_pod(PodCounts& counts, const Json& pod, const AuditIndex& index) {
  const Json& labels = pod["metadata"]["labels"];
  const std::string image = find_proxy(pod["spec"])["image"].as_string();
  const std::string& revision = labels[revision_label].as_string();
  if (image == "auto") ++counts.uninjected;
  if (!revision.empty() && index.revisions.is_complete() && !index.revisions.resolve(revision))
    counts.unknown_revisions.insert(revision);
  const auto version = Version::parse_release(image_tag(image));
  const Version expected = version_for(revision, index);
  if (!version || (version->major == expected.major && version->minor == expected.minor)) return;
  counts.other_versions.insert(version->text());
  counts.control_plane_versions.insert(expected.text());
}

/// Without gateway injection the Deployment configures how pods authenticate, which must match istiod
/// (security/pkg/k8s/tokenreview, 1.7.0).
void find_authentication_mismatch(const AuditedGateway& gateway, const Mesh& mesh,
                                  std::vector<Finding>& findings) {
  if (gateway.deployment == nullptr || mesh.gateway_injection()) return;
  const Json deployment = gateway.deployment->parse();
  const Json& proxy = find_proxy(deployment["spec"]["template"]["spec"]);
  auto compare = [&](const char* variable, const char* code, const std::string& expected) {
    const std::string& actual = environment_value(proxy, variable);
    if (actual.empty() || actual == expected) return;
    findings.push_back(gateway.live_finding(Severity::error, code, gateway.workload(),
                                            std::string("the gateway's pods have ") + variable + "=" +
                                                quoted(actual) + ", but the mesh uses " + quoted(expected) +
                                                ": istiod rejects them",
                                            apply_command(gateway.egress)));
  };
  compare("JWT_POLICY", "TokenPolicy", mesh.token_policy);
  compare("PILOT_CERT_PROVIDER", "CertificateProvider", mesh.certificate_provider);
}

}  // namespace

void find_pods(const AuditedGateway& gateway, const AuditIndex& index, std::vector<Finding>& findings) {
  PodCounts counts;
  std::set<std::string> stray_namespaces;
  for (const JsonText* json_text : gateway.pods) {
    const Json pod = json_text->parse();
    const std::string& ns = pod["metadata"]["namespace"].as_string();
    if (ns == gateway.egress.ns)
      count_pod(counts, pod, index);
    else
      stray_namespaces.insert(ns);
  }
  const std::string total_text = " of " + std::to_string(gateway.pods.size());
  if (counts.uninjected > 0)
    findings.push_back(gateway.live_finding(
        Severity::error, "IST0147", gateway.workload(),
        std::to_string(counts.uninjected) + total_text +
            " pods of the gateway still have the image \"auto\": they were not injected and cannot start",
        restart_command(gateway)));
  if (!counts.unknown_revisions.empty())
    findings.push_back(gateway.live_finding(
        Severity::error, "RevisionGone", gateway.workload(),
        "the gateway's pods have revision " +
            quoted_list({counts.unknown_revisions.begin(), counts.unknown_revisions.end()}) +
            ", which no istiod or revision tag of this cluster has: they get no configuration",
        apply_command(gateway.egress)));
  if (!counts.other_versions.empty())
    findings.push_back(gateway.live_finding(
        Severity::warning, "ProxyVersion", gateway.workload(),
        "the gateway's proxies have version " +
            join(std::vector(counts.other_versions.begin(), counts.other_versions.end()), ", ") +
            ", but their control plane has version " +
            join(std::vector(counts.control_plane_versions.begin(), counts.control_plane_versions.end()),
                 ", "),
        index.mesh.gateway_injection() ? restart_command(gateway) : apply_command(gateway.egress)));
  if (!stray_namespaces.empty())
    findings.push_back(gateway.live_finding(
        Severity::warning, "StrayPods", gateway.workload(),
        "pods in " + namespaces_text(stray_namespaces) + " have the gateway's label " +
            std::string(gateway_label) + ": Istio configures them to serve its routes",
        "kubectl label pods -n " + *stray_namespaces.begin() + " -l " + std::string(gateway_label) + "=" +
            gateway.labels[gateway_label].as_string() + " " + std::string(gateway_label) + "-"));
  find_authentication_mismatch(gateway, index.mesh, findings);
}

}  // namespace egress::mesh
