#include "egress/cli/portrait.hpp"

#include <algorithm>

#include "egress/base/text.hpp"
#include "egress/cli/gateway_table.hpp"
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

std::string policy(const mesh::Egress& egress) {
  if (!egress.opa) return {};
  const std::string& theirs = egress.opa->config_map;
  return "OPA (" + egress.opa->image + "), policy: configmap/" +
         (theirs.empty() ? mesh::policy_name(egress) : theirs);
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

std::string settings(const mesh::Summary& summary, std::chrono::sys_seconds now, render::Palette palette) {
  const mesh::Egress& egress = summary.record.egress;
  return render::fields({
      {"Name", egress.name},
      {"Namespace", egress.ns},
      {"Labels", printable(labels_text(egress.labels), 1000)},
      {"Status", {text(summary.phase), palette(colour_of(summary.phase))}},
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
      {"Authorization", policy(egress)},
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

render::Colour colour_of_state(const std::string& state) {
  if (state == "Missing" || state == "Failed") return render::Colour::red;
  return state == "Present" || state == "Ready" ? render::Colour::none : render::Colour::yellow;
}

std::string objects(const fleet::Inspection& inspection, std::chrono::sys_seconds now,
                    render::Palette palette) {
  const mesh::Summary& summary = inspection.summary;
  const mesh::Egress& egress = summary.record.egress;
  std::vector<render::Row> rows{{"OBJECT", "STATE", "AGE"}};
  rows.push_back(
      {"configmap/" + mesh::object_name(egress.name), "Present", render::age(summary.record.created, now)});
  for (const auto* some : {&summary.objects, &inspection.pods, &inspection.secrets})
    for (const mesh::ObjectState& one : *some)
      rows.push_back({where(one.reference, egress.ns),
                      {one.state, palette(colour_of_state(one.state))},
                      one.created.empty() ? "" : render::age(one.created, now)});
  return render::table(rows);
}

std::string troubles(const fleet::Inspection& inspection) {
  std::string text;
  for (const auto* some : {&inspection.summary.reasons, &inspection.faults})
    for (const std::string& reason : *some) text += printable(reason) + "\n";
  return text;
}

std::string warnings(const fleet::Inspection& inspection, std::chrono::sys_seconds now) {
  std::vector<render::Row> rows{{"LAST SEEN", "TIMES", "OBJECT", "REASON", "MESSAGE"}};
  for (const fleet::Event& one : inspection.warnings)
    rows.push_back({render::age(one.last, now), std::to_string(one.count), printable(one.object, 300),
                    printable(one.reason, 100), printable(trimmed(one.message), 300)});
  return render::table(rows);
}

std::string section(const std::string& title, const std::string& text) {
  return text.empty() ? "" : title + ":\n" + render::indented(text, 2);
}

}  // namespace

std::string next_command(const fleet::Inspection& inspection) {
  const mesh::Summary& summary = inspection.summary;
  const mesh::Egress& egress = summary.record.egress;
  const std::string who = egress.name + " -n " + egress.ns;
  auto any_is = [&](const char* state) {
    return std::ranges::any_of(summary.objects, [&](const auto& one) { return one.state == state; });
  };
  std::string apply = "kubectl egress inspect " + who + " -o yaml | kubectl egress apply -f -" +
                      (any_is("Changed") ? " --force-conflicts" : "");
  std::string describe =
      "kubectl describe pods -n " + egress.ns + " -l " + mesh::pod_selector(egress.name, egress.ns);
  switch (summary.phase) {
    case mesh::Phase::deleting:
      return "kubectl egress delete " + who;
    case mesh::Phase::incomplete:
      return summary.record.operation == mesh::Operation::remove ? "kubectl egress delete " + who : apply;
    case mesh::Phase::degraded: {
      if (any_is("Missing") || any_is("Changed") || any_is("Unexpected")) return apply;
      const auto foreign = std::ranges::find(summary.objects, "Foreign", &mesh::ObjectState::state);
      return foreign != summary.objects.end() ? mesh::unlabel_command(foreign->reference) : describe;
    }
    case mesh::Phase::progressing:
      return describe;
    case mesh::Phase::deleted:
      return {};
    case mesh::Phase::ready:
      return "kubectl egress check " + who;
  }
  return {};
}

std::string portrait(const fleet::Inspection& inspection, std::chrono::sys_seconds now,
                     render::Palette palette) {
  const mesh::Summary& summary = inspection.summary;
  return settings(summary, now, palette) +
         section("Path", traffic_path(summary) + encryption_note(summary.record.egress)) +
         section("Objects", objects(inspection, now, palette)) + section("Not well", troubles(inspection)) +
         (inspection.warnings.empty() ? "" : section("Warnings", warnings(inspection, now))) +
         section("Next", next_command(inspection) + "\n");
}

}  // namespace egress::cli
