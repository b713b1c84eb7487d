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

std::string restart_command(const Subject& subject) {
  return "kubectl rollout restart " + subject.workload().label() + in_namespace(subject.egress.ns);
}

/// The version of the istiod that looks after a pod of that revision.
Version version_for(const std::string& revision, const Neighbourhood& around) {
  const std::string name = around.revisions.named(revision).value_or(revision);
  for (const ControlPlane& one : around.revisions.istiods)
    if (!name.empty() && one.revision == name && one.version) return *one.version;
  return around.mesh.version;
}

/// What the gateway's pods have in common, counted.
struct Pods {
  std::size_t automatic = 0;           ///< no injector has set the image
  std::set<std::string> other_minors;  ///< versions of proxies that are not the control plane's
  std::set<std::string> expected;      ///< the versions of those control planes
  std::set<std::string> lost_revisions;
};

void count(Pods& pods, const Json& pod, const Neighbourhood& around) {
  const Json& labels = pod["metadata"]["labels"];
  const std::string image = proxy_of(pod["spec"])["image"].as_string();
  const std::string& revision = labels[revision_label].as_string();
  if (image == "auto") ++pods.automatic;
  if (!revision.empty() && around.revisions.complete() && !around.revisions.named(revision))
    pods.lost_revisions.insert(revision);
  const auto version = Version::release(tag_of(image));
  const Version wanted = version_for(revision, around);
  if (!version || (version->major == wanted.major && version->minor == wanted.minor)) return;
  pods.other_minors.insert(version->text());
  pods.expected.insert(wanted.text());
}

/// A Deployment that says itself how to authenticate, as before gateway injection, must say what istiod does
/// (security/pkg/k8s/tokenreview, 1.7.0).
void find_identity(const Subject& subject, const Mesh& mesh, std::vector<Finding>& found) {
  if (subject.deployment == nullptr || mesh.gateway_injection()) return;
  const Json deployment = subject.deployment->unpack();
  const Json& proxy = proxy_of(deployment["spec"]["template"]["spec"]);
  auto compare = [&](const char* variable, const char* code, const std::string& wanted) {
    const std::string& said = environment(proxy, variable);
    if (said.empty() || said == wanted) return;
    found.push_back(subject.finding_at_present(Severity::error, code, subject.workload(),
                                               std::string("the gateway's pods have ") + variable + "=" +
                                                   quoted(said) + ", and the mesh " + quoted(wanted) +
                                                   ": istiod does not accept them",
                                               apply_command(subject.egress)));
  };
  compare("JWT_POLICY", "TokenPolicy", mesh.token_policy);
  compare("PILOT_CERT_PROVIDER", "CertificateProvider", mesh.certificate_provider);
}

}  // namespace

void find_pods(const Subject& subject, const Neighbourhood& around, std::vector<Finding>& found) {
  Pods pods;
  std::set<std::string> strays;
  for (const PackedJson* packed : subject.pods) {
    const Json pod = packed->unpack();
    const std::string& ns = pod["metadata"]["namespace"].as_string();
    if (ns == subject.egress.ns)
      count(pods, pod, around);
    else
      strays.insert(ns);
  }
  const std::string of_all = " of " + std::to_string(subject.pods.size());
  if (pods.automatic > 0)
    found.push_back(subject.finding_at_present(
        Severity::error, "IST0147", subject.workload(),
        std::to_string(pods.automatic) + of_all +
            " pods of the gateway still have the image \"auto\": no injector saw them, and they cannot start",
        restart_command(subject)));
  if (!pods.lost_revisions.empty())
    found.push_back(subject.finding_at_present(
        Severity::error, "RevisionGone", subject.workload(),
        "the gateway's pods are of revision " +
            listed({pods.lost_revisions.begin(), pods.lost_revisions.end()}) +
            ", which no istiod or tag of this cluster has: they get no more configuration",
        apply_command(subject.egress)));
  if (!pods.other_minors.empty())
    found.push_back(subject.finding_at_present(
        Severity::warning, "ProxyVersion", subject.workload(),
        "the gateway's proxies are Istio " +
            join(std::vector(pods.other_minors.begin(), pods.other_minors.end()), ", ") +
            ", and their control plane is " +
            join(std::vector(pods.expected.begin(), pods.expected.end()), ", "),
        around.mesh.gateway_injection() ? restart_command(subject) : apply_command(subject.egress)));
  if (!strays.empty())
    found.push_back(subject.finding_at_present(
        Severity::warning, "StrayPods", subject.workload(),
        "pods in " + namespaces_text(strays) + " have the gateway's own label " + std::string(gateway_label) +
            ": Istio makes them serve its routes, too",
        "kubectl label pods -n " + *strays.begin() + " -l " + std::string(gateway_label) + "=" +
            subject.labels[gateway_label].as_string() + " " + std::string(gateway_label) + "-"));
  find_identity(subject, around.mesh, found);
}

}  // namespace egress::mesh
