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

/// The objects that can break or bypass gateways; complete objects unless noted otherwise.
struct AuditSnapshot {
  Mesh mesh;
  bool has_mesh_config = true;  ///< false if the mesh config is unknown, so `mesh` has Istio's defaults
  Revisions revisions;
  std::chrono::sys_seconds now{};

  std::vector<JsonText> namespaces;  ///< metadata only
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

  // Members of other kinds, of which only the existence is checked.
  std::vector<JsonText> members;         ///< metadata and kind of each
  std::vector<kube::Kind> member_kinds;  ///< the kinds that were listed
  std::string member_ns;                 ///< the namespace that was listed; empty: all

  /// Objects that gateways reference but do not own, by Reference::key(); an empty optional for an object
  /// that does not exist.
  std::map<std::string, std::optional<Json>> referenced;
  /// Kinds that this user may not list; no finding is reported about missing objects of these kinds.
  UnlistableKinds unlistable;

  /// True if all objects of that kind were listed.
  bool has_listed(const kube::Kind& kind) const;
  /// True if all members of gateways of that kind in that namespace were listed.
  bool has_listed_members(const kube::Kind& kind, const std::string& ns) const;
  /// True if a referenced object was requested and does not exist.
  bool is_missing(const Reference& reference) const;
  /// The referenced object; null if it does not exist or was not read.
  const Json* find(const Reference& reference) const;
  void set_referenced(const Reference& reference, std::optional<Json> object);
};

/// The objects that a gateway references but does not own: Secrets with certificates, ServiceAccounts of its
/// callers, and the ConfigMap with its OPA policy.
std::vector<Reference> referenced_objects(const Egress& egress);

/// The name of the Secret in which Istio looks for the CA of a credential: the credential's name with the
/// suffix "-cacert" (security/pkg/nodeagent/secretfetcher, 1.7.0; pilot/pkg/credentials/kube, 1.30.3).
std::string ca_secret_name(const std::string& credential);

}  // namespace egress::mesh
