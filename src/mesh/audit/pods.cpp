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

const Json& proxy_of(const Json& pod_spec) {
  static const Json none;
  for (const Json& container : pod_spec["containers"].items())
    if (container["name"].as_string() == proxy_container) return container;
  return none;
}

std::string tag_of(const std::string& image) {
  const std::size_t colon = image.substr(0, image.find('@')).rfind(':');
  return colon == std::string::npos ? "" : image.substr(colon + 1);
}

const std::string& environment(const Json& container, std::string_view name) {
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
  for (const ControlPlane& one : index.revisions.istiods)
    if (!name.empty() && one.revision == name && one.version) return *one.version;
  return index.mesh.version;
}

/// Counts over the gateway's pods.
struct Pods {
  std::size_t automatic = 0;           ///< pods whose image was not set by injection
  std::set<std::string> other_minors;  ///< versions of proxies that differ from the control plane's
  std::set<std::string> expected;      ///< the versions of those control planes
  std::set<std::string> lost_revisions;
};

void count(Pods& pods, const Json& pod, const AuditIndex& index) {
  const Json& labels = pod["metadata"]["labels"];
  const std::string image = proxy_of(pod["spec"])["image"].as_string();
  const std::string& revision = labels[revision_label].as_string();
  if (image == "auto") ++pods.automatic;
  if (!revision.empty() && index.revisions.is_complete() && !index.revisions.resolve(revision))
    pods.lost_revisions.insert(revision);
  const auto version = Version::parse_release(tag_of(image));
  const Version wanted = version_for(revision, index);
  if (!version || (version->major == wanted.major && version->minor == wanted.minor)) return;
  pods.other_minors.insert(version->text());
  pods.expected.insert(wanted.text());
}

/// Without gateway injection the Deployment configures how pods authenticate, which must match istiod
/// (security/pkg/k8s/tokenreview, 1.7.0).
void find_identity(const AuditedGateway& gateway, const Mesh& mesh, std::vector<Finding>& findings) {
  if (gateway.deployment == nullptr || mesh.gateway_injection()) return;
  const Json deployment = gateway.deployment->parse();
  const Json& proxy = proxy_of(deployment["spec"]["template"]["spec"]);
  auto compare = [&](const char* variable, const char* code, const std::string& wanted) {
    const std::string& said = environment(proxy, variable);
    if (said.empty() || said == wanted) return;
    findings.push_back(gateway.live_finding(Severity::error, code, gateway.workload(),
                                            std::string("the gateway's pods have ") + variable + "=" +
                                                quoted(said) + ", but the mesh uses " + quoted(wanted) +
                                                ": istiod rejects them",
                                            apply_command(gateway.egress)));
  };
  compare("JWT_POLICY", "TokenPolicy", mesh.token_policy);
  compare("PILOT_CERT_PROVIDER", "CertificateProvider", mesh.certificate_provider);
}

}  // namespace

void find_pods(const AuditedGateway& gateway, const AuditIndex& index, std::vector<Finding>& findings) {
  Pods pods;
  std::set<std::string> strays;
  for (const JsonText* packed : gateway.pods) {
    const Json pod = packed->parse();
    const std::string& ns = pod["metadata"]["namespace"].as_string();
    if (ns == gateway.egress.ns)
      count(pods, pod, index);
    else
      strays.insert(ns);
  }
  const std::string of_all = " of " + std::to_string(gateway.pods.size());
  if (pods.automatic > 0)
    findings.push_back(gateway.live_finding(
        Severity::error, "IST0147", gateway.workload(),
        std::to_string(pods.automatic) + of_all +
            " pods of the gateway still have the image \"auto\": they were not injected and cannot start",
        restart_command(gateway)));
  if (!pods.lost_revisions.empty())
    findings.push_back(gateway.live_finding(
        Severity::error, "RevisionGone", gateway.workload(),
        "the gateway's pods have revision " +
            quoted_list({pods.lost_revisions.begin(), pods.lost_revisions.end()}) +
            ", which no istiod or revision tag of this cluster has: they get no configuration",
        apply_command(gateway.egress)));
  if (!pods.other_minors.empty())
    findings.push_back(gateway.live_finding(
        Severity::warning, "ProxyVersion", gateway.workload(),
        "the gateway's proxies have version " +
            join(std::vector(pods.other_minors.begin(), pods.other_minors.end()), ", ") +
            ", but their control plane has version " +
            join(std::vector(pods.expected.begin(), pods.expected.end()), ", "),
        index.mesh.gateway_injection() ? restart_command(gateway) : apply_command(gateway.egress)));
  if (!strays.empty())
    findings.push_back(gateway.live_finding(
        Severity::warning, "StrayPods", gateway.workload(),
        "pods in " + namespaces_text(strays) + " have the gateway's label " + std::string(gateway_label) +
            ": Istio configures them to serve its routes",
        "kubectl label pods -n " + *strays.begin() + " -l " + std::string(gateway_label) + "=" +
            gateway.labels[gateway_label].as_string() + " " + std::string(gateway_label) + "-"));
  find_identity(gateway, index.mesh, findings);
}

}  // namespace egress::mesh
