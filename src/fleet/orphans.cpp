#include "egress/fleet/orphans.hpp"

#include <span>
#include <string>
#include <utility>

#include "egress/fleet/extra_members.hpp"
#include "egress/kube/applyset.hpp"
#include "egress/kube/discovery.hpp"
#include "egress/kube/managed_fields.hpp"
#include "egress/mesh/host_name.hpp"
#include "egress/mesh/names.hpp"

namespace egress::fleet {

std::optional<mesh::GatewayName> owning_gateway(const Json& object) {
  const Json& metadata = object["metadata"];
  if (kube::applied_fields(metadata, kube::field_manager) == nullptr) return std::nullopt;
  const std::string& name = metadata["labels"][mesh::instance_label].as_string();
  const std::string& id = metadata["labels"][kube::applyset::part_of_label].as_string();
  if (!mesh::is_dns_label(name)) return std::nullopt;
  const auto is_in = [&](const std::string& ns) {
    return mesh::is_dns_label(ns) && mesh::record_id(name, ns) == id;
  };
  const std::string& ns = metadata["namespace"].as_string();
  if (is_in(ns)) return mesh::GatewayName(ns, name);
  // Beside the ingress gateway, its name begins with the gateway's namespace.
  const std::string& own = metadata["name"].as_string();
  const std::string end = "-" + mesh::object_name(name);
  if (!own.ends_with(end)) return std::nullopt;
  const std::string begin = own.substr(0, own.size() - end.size());
  return is_in(begin) ? std::optional(mesh::GatewayName(begin, name)) : std::nullopt;
}

std::vector<mesh::GatewayName> gateways_without_record(
    kube::Cluster& cluster, const std::map<mesh::GatewayName, mesh::Reference>& seen) {
  if (seen.empty()) return {};
  std::vector<kube::Call> calls;
  for (const auto& [gateway, object] : seen) {
    calls.push_back(kube::get(mesh::record_resource, gateway.first, mesh::object_name(gateway.second)));
    calls.push_back(kube::get(object.resource, object.ns, object.name));
  }
  const auto answers = cluster.send(calls);
  std::vector<mesh::GatewayName> abandoned;
  auto answer = answers.begin();
  for (const auto& [gateway, object] : seen) {
    const kube::Answer& record = *answer++;
    const kube::Answer& still = *answer++;
    if (record.not_found() && still.ok()) abandoned.push_back(gateway);
  }
  return abandoned;
}

std::vector<mesh::Record> find_orphan_records(kube::Cluster& cluster,
                                              const std::vector<mesh::GatewayName>& names) {
  std::vector<mesh::Record> records;
  for (const auto& [ns, name] : names) {
    records.emplace_back();
    records.back().egress.ns = ns;
    records.back().egress.name = name;
  }
  if (records.empty()) return records;
  const auto served =
      kube::read_discovery(mesh::all_kinds(), cluster.send(kube::discovery_calls(mesh::all_kinds())));
  add_all_extra_members(cluster, served, records);
  std::erase_if(records, [](const mesh::Record& one) { return one.members.empty(); });
  return records;
}

}  // namespace egress::fleet
