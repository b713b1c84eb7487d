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
auto value_of(const Map& map, const std::string& key) {
  const auto at = map.find(key);
  return at == map.end() ? typename Map::mapped_type{} : at->second;
}

std::vector<std::string> texts(const Json& list) {
  std::vector<std::string> texts;
  for (const Json& one : list.items()) texts.push_back(one.as_string());
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

AuditedGateway gateway(const Egress& egress, const AuditIndex& index) {
  AuditedGateway made{
      .egress = egress,
      .set = record_id(egress.name, egress.ns),
      .service = service_host(egress, index.mesh),
      .labels = pod_labels({.egress = egress, .mesh = index.mesh}),
      .names = {},
      .scope = {egress.ns, texts(callers_export_to(egress))},
      .pods = {},
  };
  for (const std::string& host : egress.hosts)
    std::ranges::move(caller_hosts(egress, host), std::back_inserter(made.names));
  made.exists = index.existing_sets.contains(made.set);
  made.route = value_of(index.routes_by_set, made.set);
  made.deployment = value_of(index.deployments, made.set);
  made.pods = value_of(index.pods, made.labels[gateway_label].as_string());
  add_pod_labels(made.labels, made.pods, egress.ns);
  return made;
}

}  // namespace

std::string AuditedGateway::full_name() const {
  return mesh::full_name(egress);
}

bool AuditedGateway::admits(const std::string& ns) const {
  const auto& allow = egress.mesh.allow;
  return allow.empty() || std::ranges::find(allow, ns, &Caller::ns) != allow.end() ||
         (egress.ingress && egress.ingress->ns == ns);
}

std::vector<std::string> AuditedGateway::callers() const {
  std::vector<std::string> findings;
  for (const Caller& caller : egress.mesh.allow)
    if (std::ranges::find(findings, caller.ns) == findings.end()) findings.push_back(caller.ns);
  return findings;
}

Reference AuditedGateway::workload() const {
  return {{kube::kinds::deployment}, egress.ns, object_name(egress.name)};
}

std::string AuditedGateway::change() const {
  return exists ? change_command(egress) : "";
}

Finding AuditedGateway::finding(Severity severity, std::string code, Reference object, std::string message,
                                std::string fix) const {
  return {severity, std::move(code), std::move(object), text(), std::move(message), std::move(fix), false};
}

Finding AuditedGateway::live_finding(Severity severity, std::string code, Reference object,
                                     std::string message, std::string fix) const {
  Finding made = finding(severity, std::move(code), std::move(object), std::move(message), std::move(fix));
  made.is_about_live_state = true;
  return made;
}

std::vector<AuditedGateway> audited_gateways(std::span<const Egress> gateways, const AuditIndex& index) {
  std::vector<AuditedGateway> made;
  made.reserve(gateways.size());
  for (const Egress& egress : gateways) made.push_back(gateway(egress, index));
  return made;
}

}  // namespace egress::mesh
