#include "egress/mesh/audit/neighbour.hpp"

#include <algorithm>
#include <tuple>

#include "egress/kube/applyset.hpp"
#include "egress/mesh/audit/phrases.hpp"
#include "egress/mesh/host_pattern.hpp"
#include "egress/mesh/names.hpp"

namespace egress::mesh {

std::string Neighbour::manager() const {
  return "egressgateway " + quoted(reference.ns + "/" + labels()[instance_label].as_string());
}

bool Neighbour::before(const Neighbour& other) const {
  auto order = [](const Neighbour& one) {
    return std::tuple(one.unpack()["metadata"]["creationTimestamp"].as_string(),
                      one.reference.name + "." + one.reference.ns);
  };
  return order(*this) < order(other);
}

bool Imports::has(const std::string& ns, const std::string& host) const {
  return everything || std::ranges::any_of(hosts, [&](const Host& one) {
           return (one.ns == "*" || one.ns == ns) && covers(one.name, host);
         });
}

std::vector<std::string> served_hosts(const PodRule& gateway, int port) {
  std::vector<std::string> hosts;
  const Json spec = gateway.spec();
  for (const Json& server : spec["servers"].items()) {
    if (server["port"]["number"].as_integer() != port) continue;
    for (const Json& one : server["hosts"].items()) {
      const std::string& host = one.as_string();
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

Neighbour read_neighbour(const PackedJson& packed, const Json& object, const kube::Resource& resource) {
  const Json& metadata = object["metadata"];
  const Json& labels = metadata["labels"];
  Neighbour read{
      {resource, metadata["namespace"].as_string(), metadata["name"].as_string()},
      &packed,
      labels[kube::applyset::part_of_label].as_string(),
  };
  read.managed = !read.set.empty() && labels[managed_by_label].as_string() == managed_by;
  return read;
}

Exported read_exported(Neighbour neighbour, const Json& object, const std::vector<std::string>& otherwise) {
  Exported read{std::move(neighbour), {}, {"", {}}};
  for (const Json& host : object["spec"]["hosts"].items()) read.hosts.push_back(host.as_string());
  read.scope = ExportScope::of(object, otherwise);
  return read;
}

TrafficRule read_traffic_rule(Neighbour neighbour, const Json& object, const std::string& cluster_domain) {
  TrafficRule read{std::move(neighbour), {}};
  read.host = full_host(object["spec"]["host"].as_string(), read.reference.ns, cluster_domain);
  return read;
}

Imports read_imports(Neighbour neighbour, const Json& object) {
  Imports read{std::move(neighbour), {}};
  const Json& spec = object["spec"];
  const auto& listeners = spec["egress"].items();
  read.everything = listeners.empty();
  read.for_all = spec["workloadSelector"]["labels"].members().empty();
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
