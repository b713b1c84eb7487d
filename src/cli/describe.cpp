#include "egress/cli/describe.hpp"

#include <algorithm>

#include "egress/base/text.hpp"
#include "egress/cli/gateway_table.hpp"
#include "egress/cli/traffic_path.hpp"
#include "egress/mesh/full_name.hpp"
#include "egress/mesh/names.hpp"
#include "egress/render/age.hpp"
#include "egress/render/table.hpp"

namespace egress::cli {
namespace {

std::string callers(const mesh::MeshAccess& access) {
  std::vector<std::string> allowed;
  for (const mesh::Caller& caller : access.allow) allowed.push_back(caller.text());
  return allowed.empty() ? "any workload in the mesh" : join(allowed, ", ");
}

std::string exposure_text(const mesh::Egress& egress) {
  if (!egress.ingress) return {};
  const mesh::Ingress& ingress = *egress.ingress;
  return join(ingress.hosts, ", ") + ", certificate: secret/" + ingress.credential + " -n " + ingress.ns +
         (ingress.self_signed ? " (self-signed)" : "");
}

std::string probe(const std::optional<mesh::Probe>& probe) {
  if (!probe) return {};
  return probe->path + " every " + std::to_string(probe->period_seconds) + "s";
}

std::string policy(const mesh::Egress& egress) {
  if (!egress.opa) return {};
  const std::string& config_map = egress.opa->config_map;
  return "OPA (" + egress.opa->image + "), policy: configmap/" +
         (config_map.empty() ? mesh::policy_name(egress) : config_map);
}

/// "1 to 5", or the fixed number if there is no autoscaler.
std::string replicas(const mesh::Summary& summary) {
  const mesh::Workload& workload = summary.record.egress.workload;
  const bool is_autoscaled = std::ranges::any_of(summary.objects, [](const mesh::ObjectState& object) {
    return object.reference.resource.kind == kube::kinds::autoscaler;
  });
  const std::string min_replicas = std::to_string(workload.min_replicas);
  return is_autoscaled ? min_replicas + " to " + std::to_string(workload.max_replicas)
                       : min_replicas + " (no autoscaler)";
}

std::string settings(const mesh::Summary& summary, std::chrono::sys_seconds now, render::Palette palette) {
  const mesh::Egress& egress = summary.record.egress;
  return render::format_fields({
      {"Name", egress.name},
      {"Namespace", egress.ns},
      {"Labels", printable(labels_text(egress.labels), 1000)},
      {"Status", {text(summary.phase), palette(colour_of(summary.phase))}},
      {"Age", render::age(summary.record.creation_timestamp, now)},
      {"Hosts", join(egress.hosts, ", ")},
      {"Server", egress.server},
      {"Addresses", join(egress.addresses, ", ")},
      {"Port", std::to_string(egress.port)},
      {"Protocol", text(egress.protocol)},
      {"Aliases", join(egress.aliases, ", ")},
      {"TLS", text(egress.tls.mode) + ": " + upstream_tls(egress, egress.host()) +
                  (egress.hosts.size() > 1 && egress.originates_tls() ? "; each host verified by its own name"
                                                                      : "")},
      {"Mesh TLS", (egress.mesh.mutual ? "Mutual: " : "Plaintext: ") + mesh_tls(egress)},
      {"Callers", callers(egress.mesh)},
      {"Exported to", join(egress.mesh.export_to, ", ")},
      {"Exposed", exposure_text(egress)},
      {"Authorization", policy(egress)},
      {"Probe", probe(egress.probe)},
      {"Istio", summary.record.istio},
      {"Replicas", replicas(summary)},
      {"Pods", ready_pods_text(summary)},
      {"Image", summary.image},
  });
}

/// A PeerAuthentication does not apply to the ports of a Gateway's servers.
std::string encryption_note(const mesh::Egress& egress) {
  if (!egress.mesh.mutual) return {};
  return "The ISTIO_MUTUAL server of the Gateway encrypts the hop to the gateway;\n"
         "the PeerAuthentication applies to the other ports of the pods.\n";
}

std::string object_label(const mesh::Reference& reference, const std::string& own_namespace) {
  return reference.ns == own_namespace ? reference.display_name() : mesh::full_name(reference);
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
  rows.push_back({"configmap/" + mesh::object_name(egress.name), "Present",
                  render::age(summary.record.creation_timestamp, now)});
  for (const auto* list : {&summary.objects, &inspection.pods, &inspection.secrets})
    for (const mesh::ObjectState& object : *list)
      rows.push_back({object_label(object.reference, egress.ns),
                      {object.state, palette(colour_of_state(object.state))},
                      object.creation_timestamp.empty() ? "" : render::age(object.creation_timestamp, now)});
  return render::format_table(rows);
}

std::string problems_text(const fleet::Inspection& inspection) {
  std::string text;
  for (const auto* list : {&inspection.summary.reasons, &inspection.faults})
    for (const std::string& reason : *list) text += printable(reason) + "\n";
  return text;
}

std::string warnings(const fleet::Inspection& inspection, std::chrono::sys_seconds now) {
  std::vector<render::Row> rows{{"LAST SEEN", "TIMES", "OBJECT", "REASON", "MESSAGE"}};
  for (const fleet::Event& event : inspection.warnings)
    rows.push_back({render::age(event.last_timestamp, now), std::to_string(event.count),
                    printable(event.object, 300), printable(event.reason, 100),
                    printable(trim(event.message), 300)});
  return render::format_table(rows);
}

std::string section(const std::string& title, const std::string& text) {
  return text.empty() ? "" : title + ":\n" + render::indent(text, 2);
}

}  // namespace

std::string next_command(const fleet::Inspection& inspection) {
  const mesh::Summary& summary = inspection.summary;
  const mesh::Egress& egress = summary.record.egress;
  const std::string gateway = egress.name + " -n " + egress.ns;
  auto has_object_in_state = [&](const char* state) {
    return std::ranges::any_of(summary.objects, [&](const auto& object) { return object.state == state; });
  };
  std::string apply = "kubectl egress inspect " + gateway + " -o yaml | kubectl egress apply -f -" +
                      (has_object_in_state("Changed") ? " --force-conflicts" : "");
  std::string describe_pods =
      "kubectl describe pods -n " + egress.ns + " -l " + mesh::pod_selector(egress.name, egress.ns);
  switch (summary.phase) {
    case mesh::Phase::deleting:
      return "kubectl egress delete " + gateway;
    case mesh::Phase::incomplete:
      return summary.record.operation == mesh::Operation::remove ? "kubectl egress delete " + gateway : apply;
    case mesh::Phase::degraded: {
      if (has_object_in_state("Missing") || has_object_in_state("Changed") ||
          has_object_in_state("Unexpected"))
        return apply;
      const auto foreign = std::ranges::find(summary.objects, "Foreign", &mesh::ObjectState::state);
      return foreign != summary.objects.end() ? mesh::unlabel_command(foreign->reference) : describe_pods;
    }
    case mesh::Phase::progressing:
      return describe_pods;
    case mesh::Phase::deleted:
      return {};
    case mesh::Phase::ready:
      return "kubectl egress check " + gateway;
  }
  return {};
}

std::string describe(const fleet::Inspection& inspection, std::chrono::sys_seconds now,
                     render::Palette palette) {
  const mesh::Summary& summary = inspection.summary;
  return settings(summary, now, palette) +
         section("Path", traffic_path(summary) + encryption_note(summary.record.egress)) +
         section("Objects", objects(inspection, now, palette)) +
         section("Problems", problems_text(inspection)) +
         (inspection.warnings.empty() ? "" : section("Warnings", warnings(inspection, now))) +
         section("Next", next_command(inspection) + "\n");
}

}  // namespace egress::cli
