#pragma once

#include <string>
#include <vector>

#include "egress/base/packed_json.hpp"
#include "egress/mesh/export_scope.hpp"
#include "egress/mesh/parts.hpp"

namespace egress::mesh {

/// An object around the gateways, read once for all of them.
struct Neighbour {
  Reference reference;
  const PackedJson* packed;
  std::string set;       ///< the ApplySet that it is part of; empty for most
  bool managed = false;  ///< it is an object of any gateway of this tool

  // Read anew each time.
  Json unpack() const { return packed->unpack(); }
  Json spec() const { return unpack()["spec"]; }
  Json labels() const { return unpack()["metadata"]["labels"]; }

  /// That gateway: `egressgateway "shop/api"`.
  std::string manager() const;
  /// Istio's order of two objects: by age, then by name (pilot/pkg/model/config.go, 1.7.0:
  /// sortConfigByCreationTime).
  bool before(const Neighbour& other) const;
};

/// An object that Istio sees under some hosts: a VirtualService on the mesh, or a ServiceEntry.
struct Exported : Neighbour {
  std::vector<std::string> hosts;
  ExportScope scope;
};

/// A DestinationRule; it holds for callers of its host.
struct TrafficRule : Neighbour {
  std::string host;
};

/// A Gateway, AuthorizationPolicy, EnvoyFilter or PodDisruptionBudget; it holds for the pods that it selects,
/// all where its selector is empty.
struct PodRule : Neighbour {
  Json selector;
  bool targeted = false;  ///< it names what it is for otherwise, and not pods by their labels
};

/// A Sidecar: what the proxies of its namespace, or some of them, import.
struct Imports : Neighbour {
  struct Host {
    std::string ns;  ///< "*", or one
    std::string name;
  };
  std::vector<Host> hosts;
  bool everything = false;  ///< it says nothing of imports
  bool for_all = false;     ///< of its namespace: it selects no pods

  /// True where it imports that host of that namespace.
  bool has(const std::string& ns, const std::string& host) const;
};

/// Where browsers come to an ingress gateway.
constexpr int https_port = 443;

/// The hosts that a Gateway has servers for on that port, each once: "ns/host" and "./host" as plain hosts.
std::vector<std::string> served_hosts(const PodRule& gateway, int port);

/// True for a VirtualService that sidecars take their routes from (`gateways` names "mesh", or nothing).
bool is_on_mesh(const Json& virtual_service);

Reference namespace_reference(const std::string& ns);

// Of an object as it was unpacked; `packed` must outlive what is returned.

Neighbour read_neighbour(const PackedJson& packed, const Json& object, const kube::Resource& resource);
Exported read_exported(Neighbour neighbour, const Json& object, const std::vector<std::string>& otherwise);
TrafficRule read_traffic_rule(Neighbour neighbour, const Json& object, const std::string& cluster_domain);
Imports read_imports(Neighbour neighbour, const Json& object);

}  // namespace egress::mesh
