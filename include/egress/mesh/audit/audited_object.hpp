#pragma once

#include <string>
#include <vector>

#include "egress/base/json_text.hpp"
#include "egress/mesh/export_scope.hpp"
#include "egress/mesh/parts.hpp"

namespace egress::mesh {

/// An object that the audit of the gateways reads.
struct AuditedObject {
  Reference reference;
  const JsonText* json_text;
  std::string set;          ///< the ID of its ApplySet; empty for most objects
  bool is_managed = false;  ///< it belongs to a gateway of this tool

  // These parse the object on every call.
  Json parse() const { return json_text->parse(); }
  Json spec() const { return parse()["spec"]; }
  Json labels() const { return parse()["metadata"]["labels"]; }

  /// The gateway that it belongs to: "egressgateway/api -n shop".
  std::string owner_name() const;
  /// Istio's order of objects: by age, then by name (pilot/pkg/model/config.go, 1.7.0:
  /// sortConfigByCreationTime).
  bool precedes(const AuditedObject& other) const;
};

/// An object with hosts and an exportTo field: a VirtualService for sidecars, or a ServiceEntry.
struct ExportedObject : AuditedObject {
  std::vector<std::string> hosts;
  ExportScope scope;
};

/// A DestinationRule; it applies to callers of its host.
struct DestinationRule : AuditedObject {
  std::string host;
};

/// A Gateway, AuthorizationPolicy, EnvoyFilter or PodDisruptionBudget. An empty selector selects all pods.
struct WorkloadSelector : AuditedObject {
  Json selector;
  bool has_target_refs = false;  ///< it has targetRefs instead of a selector
};

/// A Sidecar: the hosts that the proxies of its namespace, or some of them, import.
struct SidecarScope : AuditedObject {
  struct Host {
    std::string ns;  ///< "*" or a namespace
    std::string name;
  };
  std::vector<Host> hosts;
  bool imports_everything = false;  ///< it does not limit imports
  bool selects_all_pods = false;    ///< it applies to all pods of its namespace

  /// True if it imports that host of that namespace.
  bool imports(const std::string& ns, const std::string& host) const;
};

/// The port of an ingress gateway for HTTPS.
constexpr int https_port = 443;

/// The hosts of a Gateway's servers on that port, each once, without their namespace ("ns/host", "./host").
std::vector<std::string> served_hosts(const WorkloadSelector& gateway, int port);

/// True for a VirtualService that applies to sidecars (`gateways` has "mesh" or is empty).
bool is_on_mesh(const Json& virtual_service);

Reference namespace_reference(const std::string& ns);

// `object` is the parsed text; `json_text` must outlive the result.

AuditedObject read_audited_object(const JsonText& json_text, const Json& object,
                                  const kube::Resource& resource);
ExportedObject read_exported_object(AuditedObject base, const Json& object,
                                    const std::vector<std::string>& default_export_to);
DestinationRule read_destination_rule(AuditedObject base, const Json& object,
                                      const std::string& cluster_domain);
SidecarScope read_sidecar_scope(AuditedObject base, const Json& object);

}  // namespace egress::mesh
