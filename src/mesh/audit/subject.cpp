#include "egress/mesh/audit/subject.hpp"

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

/// What injection and hands put on the pods beside what this tool writes.
void add_labels_of(Json& labels, const std::vector<const PackedJson*>& pods, const std::string& ns) {
  for (const PackedJson* pod : pods) {
    const Json metadata = pod->unpack()["metadata"];
    if (metadata["namespace"].as_string() != ns) continue;
    for (const auto& [key, value] : metadata["labels"].members()) labels.set(key, value);
  }
}

Subject subject(const Egress& egress, const Neighbourhood& around) {
  Subject made{
      .egress = egress,
      .set = record_id(egress.name, egress.ns),
      .service = service_host(egress, around.mesh),
      .labels = pod_labels({.egress = egress, .mesh = around.mesh}),
      .names = {},
      .scope = {egress.ns, texts(callers_scope(egress))},
      .pods = {},
  };
  for (const std::string& host : egress.hosts)
    std::ranges::move(caller_names(egress, host), std::back_inserter(made.names));
  made.stands = around.standing.contains(made.set);
  made.route = value_of(around.own_routes, made.set);
  made.deployment = value_of(around.deployments, made.set);
  made.pods = value_of(around.pods, made.labels[gateway_label].as_string());
  add_labels_of(made.labels, made.pods, egress.ns);
  return made;
}

}  // namespace

std::string Subject::phrase() const {
  return "egressgateway " + quoted(text());
}

bool Subject::admits(const std::string& ns) const {
  const auto& allow = egress.mesh.allow;
  return allow.empty() || std::ranges::find(allow, ns, &Caller::ns) != allow.end() ||
         (egress.ingress && egress.ingress->ns == ns);
}

std::vector<std::string> Subject::callers() const {
  std::vector<std::string> found;
  for (const Caller& caller : egress.mesh.allow)
    if (std::ranges::find(found, caller.ns) == found.end()) found.push_back(caller.ns);
  return found;
}

Reference Subject::workload() const {
  return {{kube::kinds::deployment}, egress.ns, object_name(egress.name)};
}

std::string Subject::change() const {
  return stands ? change_command(egress) : "";
}

Finding Subject::finding(Severity severity, std::string code, Reference object, std::string message,
                         std::string fix) const {
  return {severity, std::move(code), std::move(object), text(), std::move(message), std::move(fix), false};
}

Finding Subject::finding_at_present(Severity severity, std::string code, Reference object,
                                    std::string message, std::string fix) const {
  Finding made = finding(severity, std::move(code), std::move(object), std::move(message), std::move(fix));
  made.at_present = true;
  return made;
}

std::vector<Subject> subjects(std::span<const Egress> gateways, const Neighbourhood& around) {
  std::vector<Subject> made;
  made.reserve(gateways.size());
  for (const Egress& egress : gateways) made.push_back(subject(egress, around));
  return made;
}

}  // namespace egress::mesh
