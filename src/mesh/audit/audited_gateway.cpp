#include "egress/mesh/audit/audited_gateway.hpp"

#include <algorithm>

#include "egress/mesh/audit/commands.hpp"
#include "egress/mesh/audit/phrases.hpp"
#include "egress/mesh/callers_port.hpp"
#include "egress/mesh/names.hpp"
#include "egress/mesh/pod.hpp"

namespace egress::mesh {
namespace {

template <typename Map>
auto find_or_default(const Map& map, const std::string& key) {
  const auto at = map.find(key);
  return at == map.end() ? typename Map::mapped_type{} : at->second;
}

std::vector<std::string> to_strings(const Json& list) {
  std::vector<std::string> texts;
  for (const Json& item : list.items()) texts.push_back(item.as_string());
  return texts;
}

/// Adds the labels that injection and users set on the pods.
void add_pod_labels(Json& labels, const std::vector<const JsonText*>& pods, const std::string& ns) {
  for (const JsonText* pod : pods) {
    const Json metadata = pod->parse()["metadata"];
    if (metadata["namespace"].as_string() != ns) continue;
    for (const auto& [key, value] : metadata["labels"].members()) labels.set(key, value);
  }
}

AuditedGateway find_objects(const Egress& egress, const AuditIndex& index) {
  AuditedGateway result{
      .egress = egress,
      .set = record_id(egress.name, egress.ns),
      .service = service_host(egress, index.mesh),
      .labels = pod_labels({.egress = egress, .mesh = index.mesh}),
      .names = {},
      .scope = {egress.ns, to_strings(callers_export_to(egress))},
      .pods = {},
  };
  for (const std::string& host : egress.hosts)
    std::ranges::move(caller_hosts(egress, host), std::back_inserter(result.names));
  result.exists = index.existing_sets.contains(result.set);
  result.route = find_or_default(index.routes_by_set, result.set);
  result.deployment = find_or_default(index.deployments, result.set);
  result.pods = find_or_default(index.pods, result.labels[gateway_label].as_string());
  add_pod_labels(result.labels, result.pods, egress.ns);
  return result;
}

}  // namespace

std::string AuditedGateway::full_name() const {
  return mesh::full_name(egress);
}

bool AuditedGateway::allows_namespace(const std::string& ns) const {
  const auto& allow = egress.mesh.allow;
  return allow.empty() || std::ranges::find(allow, ns, &Caller::ns) != allow.end() ||
         (egress.ingress && egress.ingress->ns == ns);
}

std::vector<std::string> AuditedGateway::callers() const {
  std::vector<std::string> namespaces;
  for (const Caller& caller : egress.mesh.allow)
    if (std::ranges::find(namespaces, caller.ns) == namespaces.end()) namespaces.push_back(caller.ns);
  return namespaces;
}

Reference AuditedGateway::workload() const {
  return {{kube::kinds::deployment}, egress.ns, object_name(egress.name)};
}

std::string AuditedGateway::settings_fix() const {
  return exists ? change_command(egress) : "";
}

Finding AuditedGateway::finding(Severity severity, std::string code, Reference object, std::string message,
                                std::string fix) const {
  return {severity, std::move(code), std::move(object), text(), std::move(message), std::move(fix), false};
}

Finding AuditedGateway::live_finding(Severity severity, std::string code, Reference object,
                                     std::string message, std::string fix) const {
  Finding result = finding(severity, std::move(code), std::move(object), std::move(message), std::move(fix));
  result.is_about_live_state = true;
  return result;
}

std::vector<AuditedGateway> audited_gateways(std::span<const Egress> gateways, const AuditIndex& index) {
  std::vector<AuditedGateway> result;
  result.reserve(gateways.size());
  for (const Egress& egress : gateways) result.push_back(find_objects(egress, index));
  return result;
}

}  // namespace egress::mesh
