#include "egress/cli/portrait.hpp"

#include <algorithm>

#include "egress/base/text.hpp"
#include "egress/cli/path.hpp"
#include "egress/mesh/names.hpp"
#include "egress/render/age.hpp"
#include "egress/render/table.hpp"

namespace egress::cli {
namespace {

std::string callers(const mesh::MeshAccess& access) {
  std::vector<std::string> allowed;
  for (const mesh::Caller& caller : access.allow) allowed.push_back(caller.text());
  return allowed.empty() ? "everyone in the mesh" : join(allowed, ", ");
}

std::string exposed(const mesh::Egress& egress) {
  if (!egress.ingress) return {};
  const mesh::Ingress& ingress = *egress.ingress;
  return join(ingress.hosts, ", ") + " in " + ingress.ns + ", certificate: secret/" + ingress.credential +
         (ingress.self_signed ? " (self-signed)" : "");
}

std::string probe(const std::optional<mesh::Probe>& probe) {
  if (!probe) return {};
  return probe->path + " every " + std::to_string(probe->period_seconds) + "s";
}

std::string policy(const std::optional<mesh::Opa>& opa, const std::string& gateway) {
  if (!opa) return {};
  return "OPA (" + opa->image + "), policy: configmap/" +
         (opa->config_map.empty() ? mesh::policy_name(gateway) : opa->config_map);
}

/// Without an autoscaler their number stays.
std::string replicas(const mesh::Summary& summary) {
  const mesh::Workload& workload = summary.record.egress.workload;
  const bool scales = std::ranges::any_of(summary.objects, [](const mesh::ObjectState& one) {
    return one.reference.resource.kind == kube::kinds::autoscaler;
  });
  const std::string least = std::to_string(workload.min_replicas);
  return scales ? least + " to " + std::to_string(workload.max_replicas) : least + ", no autoscaler";
}

std::string settings(const mesh::Summary& summary, std::chrono::sys_seconds now) {
  const mesh::Egress& egress = summary.record.egress;
  return render::fields({
      {"Name", egress.name},
      {"Namespace", egress.ns},
      {"Status", text(summary.phase)},
      {"Age", render::age(summary.record.created, now)},
      {"Hosts", join(egress.hosts, ", ")},
      {"Server", egress.server},
      {"Addresses", join(egress.addresses, ", ")},
      {"Port", std::to_string(egress.port)},
      {"Protocol", text(egress.protocol)},
      {"Aliases", join(egress.aliases, ", ")},
      {"TLS", text(egress.tls.mode) + ": " + upstream_tls(egress, egress.host()) +
                  (egress.hosts.size() > 1 && egress.originates() ? "; each host under its own name" : "")},
      {"Mesh TLS", (egress.mesh.mutual ? "Mutual: " : "Plaintext: ") + mesh_tls(egress)},
      {"Callers", callers(egress.mesh)},
      {"Exported to", join(egress.mesh.export_to, ", ")},
      {"Exposed", exposed(egress)},
      {"Authorization", policy(egress.opa, egress.name)},
      {"Probe", probe(egress.probe)},
      {"Istio", summary.record.istio},
      {"Replicas", replicas(summary)},
      {"Pods", ready_pods(summary)},
      {"Image", summary.image},
  });
}

/// PeerAuthentication says nothing of ports that a Gateway opens.
std::string encryption_note(const mesh::Egress& egress) {
  if (!egress.mesh.mutual) return {};
  return "What encrypts the hop to the gateway is its Gateway's ISTIO_MUTUAL server; the PeerAuthentication\n"
         "holds for its pods' other ports.\n";
}

std::string where(const mesh::Reference& reference, const std::string& own_namespace) {
  return reference.label() + (reference.ns == own_namespace ? "" : " in " + reference.ns);
}

std::string objects(const mesh::Summary& summary, std::chrono::sys_seconds now) {
  std::vector<std::vector<std::string>> rows{{"OBJECT", "STATE", "AGE"}};
  const mesh::Egress& egress = summary.record.egress;
  rows.push_back(
      {"configmap/" + mesh::object_name(egress.name), "Present", render::age(summary.record.created, now)});
  for (const mesh::ObjectState& one : summary.objects)
    rows.push_back({where(one.reference, egress.ns), one.state,
                    one.created.empty() ? "" : render::age(one.created, now)});
  return render::table(rows);
}

std::string troubles(const mesh::Summary& summary) {
  std::string text;
  for (const std::string& reason : summary.reasons) text += printable(reason) + "\n";
  return text;
}

}  // namespace

std::string portrait(const mesh::Summary& summary, std::chrono::sys_seconds now) {
  std::string text = settings(summary, now);
  text += "Path:\n" + render::indented(traffic_path(summary) + encryption_note(summary.record.egress), 2);
  text += "Objects:\n" + render::indented(objects(summary, now), 2);
  if (!summary.reasons.empty()) text += "Not well:\n" + render::indented(troubles(summary), 2);
  return text;
}

}  // namespace egress::cli
