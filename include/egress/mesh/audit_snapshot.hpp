#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "egress/base/json_text.hpp"
#include "egress/mesh/mesh.hpp"
#include "egress/mesh/parts.hpp"
#include "egress/mesh/revisions.hpp"
#include "egress/mesh/status.hpp"

namespace egress::mesh {

/// What stands around gateways, as far as it can stop or bypass them; whole objects where nothing else is
/// said.
struct AuditSnapshot {
  Mesh mesh;
  bool has_mesh_config = true;  ///< false where the mesh's settings are Istio's defaults for want of better
  Revisions revisions;
  std::chrono::sys_seconds now{};

  std::vector<JsonText> namespaces;  ///< their metadata
  std::vector<JsonText> virtual_services;
  std::vector<JsonText> destination_rules;
  std::vector<JsonText> service_entries;
  std::vector<JsonText> gateways;  ///< Istio's Gateways
  std::vector<JsonText> sidecars;
  std::vector<JsonText> authorization_policies;
  std::vector<JsonText> envoy_filters;
  std::vector<JsonText> network_policies;
  std::vector<JsonText> disruption_budgets;
  std::vector<JsonText> deployments;  ///< of gateways
  std::vector<JsonText> pods;         ///< of gateways

  // What else gateways are made of, of which it is enough that it is there.
  std::vector<JsonText> members;         ///< metadata, each with its kind
  std::vector<kube::Kind> member_kinds;  ///< those that were looked through
  std::string member_ns;                 ///< where; empty: everywhere

  /// What gateways name and do not make: nothing where it was asked for and is not there.
  std::map<std::string, std::optional<Json>> referenced;
  /// What this user may not list, so that nothing is claimed of it.
  UnlistableKinds unlistable;

  /// True where every object of that kind was seen.
  bool has_listed(const kube::Kind& kind) const;
  /// True where every object of that kind that gateways have in that namespace was seen.
  bool has_listed_members(const kube::Kind& kind, const std::string& ns) const;
  /// True where it was asked for and is not there.
  bool is_missing(const Reference& reference) const;
  /// The object that a gateway names; null where it is not there, or was not seen.
  const Json* find(const Reference& reference) const;
  void set_referenced(const Reference& reference, std::optional<Json> object);
};

/// What the gateway names without making it: Secrets with certificates, service accounts that may use it, the
/// ConfigMap with its policy.
std::vector<Reference> referenced_objects(const Egress& egress);

/// The Secret in which Istio looks for the CA beside a credential's own
/// (security/pkg/nodeagent/secretfetcher, 1.7.0; pilot/pkg/credentials/kube, 1.30.3).
std::string ca_secret_name(const std::string& credential);

}  // namespace egress::mesh
