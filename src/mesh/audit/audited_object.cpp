#include "egress/mesh/audit/audited_object.hpp"

#include <algorithm>
#include <tuple>

#include "egress/kube/applyset.hpp"
#include "egress/mesh/audit/phrases.hpp"
#include "egress/mesh/host_pattern.hpp"
#include "egress/mesh/names.hpp"

namespace egress::mesh {

std::string AuditedObject::owner_name() const {
  return full_name(GatewayName{reference.ns, labels()[instance_label].as_string()});
}

bool AuditedObject::precedes(const AuditedObject& other) const {
  auto order = [](const AuditedObject& object) {
    return std::tuple(object.parse()["metadata"]["creationTimestamp"].as_string(),
                      object.reference.name + "." + object.reference.ns);
  };
  return order(*this) < order(other);
}

bool SidecarScope::imports(const std::string& ns, const std::string& host) const {
  return imports_everything || std::ranges::any_of(hosts, [&](const Host& imported) {
           return (imported.ns == "*" || imported.ns == ns) && host_matches(imported.name, host);
         });
}

std::vector<std::string> served_hosts(const WorkloadSelector& gateway, int port) {
  std::vector<std::string> hosts;
  const Json spec = gateway.spec();
  for (const Json& server : spec["servers"].items()) {
    if (server["port"]["number"].as_integer() != port) continue;
    for (const Json& item : server["hosts"].items()) {
      const std::string& host = item.as_string();
      hosts.push_back(host.substr(host.find('/') + 1));
    }
  }
  std::ranges::sort(hosts);
  hosts.erase(std::unique(hosts.begin(), hosts.end()), hosts.end());
  return hosts;
}

bool is_on_mesh(const Json& virtual_service) {
  const auto& gateways = virtual_service["spec"]["gateways"].items();
  return gateways.empty() || std::ranges::find(gateways, Json("mesh")) != gateways.end();
}

Reference namespace_reference(const std::string& ns) {
  return {{kube::kinds::namespaces}, "", ns};
}

AuditedObject read_audited_object(const JsonText& json_text, const Json& object,
                                  const kube::Resource& resource) {
  const Json& metadata = object["metadata"];
  const Json& labels = metadata["labels"];
  AuditedObject read{
      {resource, metadata["namespace"].as_string(), metadata["name"].as_string()},
      &json_text,
      labels[kube::applyset::part_of_label].as_string(),
  };
  read.is_managed = !read.set.empty() && labels[managed_by_label].as_string() == managed_by;
  return read;
}

ExportedObject read_exported_object(AuditedObject base, const Json& object,
                                    const std::vector<std::string>& default_export_to) {
  ExportedObject read{std::move(base), {}, {"", {}}};
  for (const Json& host : object["spec"]["hosts"].items()) read.hosts.push_back(host.as_string());
  read.scope = ExportScope::read(object, default_export_to);
  return read;
}

DestinationRule read_destination_rule(AuditedObject base, const Json& object,
                                      const std::string& cluster_domain) {
  DestinationRule read{std::move(base), {}};
  read.host = resolve_short_name(object["spec"]["host"].as_string(), read.reference.ns, cluster_domain);
  return read;
}

SidecarScope read_sidecar_scope(AuditedObject base, const Json& object) {
  SidecarScope read{std::move(base), {}};
  const Json& spec = object["spec"];
  const auto& listeners = spec["egress"].items();
  read.imports_everything = listeners.empty();
  read.selects_all_pods = spec["workloadSelector"]["labels"].members().empty();
  for (const Json& listener : listeners)
    for (const Json& item : listener["hosts"].items()) {
      const std::string& text = item.as_string();
      const std::size_t slash = text.find('/');
      // Istio takes a host without a namespace for one of every namespace.
      if (slash == std::string::npos) {
        read.hosts.push_back({"*", text});
        continue;
      }
      const std::string ns = text.substr(0, slash);
      read.hosts.push_back({ns == "." ? read.reference.ns : ns, text.substr(slash + 1)});
    }
  return read;
}

}  // namespace egress::mesh
