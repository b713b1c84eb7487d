#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "egress/base/packed_json.hpp"
#include "egress/mesh/mesh.hpp"
#include "egress/mesh/parts.hpp"
#include "egress/mesh/revisions.hpp"
#include "egress/mesh/status.hpp"

namespace egress::mesh {

/// What stands around gateways, as far as it can stop or bypass them; whole objects where nothing else is
/// said.
struct Surroundings {
  Mesh mesh;
  bool mesh_config_known = true;  ///< false where the mesh's settings are Istio's defaults for want of better
  Revisions revisions;
  std::chrono::sys_seconds now{};

  std::vector<PackedJson> namespaces;  ///< their metadata
  std::vector<PackedJson> virtual_services;
  std::vector<PackedJson> destination_rules;
  std::vector<PackedJson> service_entries;
  std::vector<PackedJson> gateways;  ///< Istio's Gateways
  std::vector<PackedJson> sidecars;
  std::vector<PackedJson> authorization_policies;
  std::vector<PackedJson> envoy_filters;
  std::vector<PackedJson> network_policies;
  std::vector<PackedJson> budgets;
  std::vector<PackedJson> deployments;  ///< of gateways
  std::vector<PackedJson> pods;         ///< of gateways

  // What else gateways are made of, of which it is enough that it is there.
  std::vector<PackedJson> members;       ///< metadata, each with its kind
  std::vector<kube::Kind> member_kinds;  ///< those that were looked through
  std::string member_ns;                 ///< where; empty: everywhere

  /// What gateways name and do not make: nothing where it was asked for and is not there.
  std::map<std::string, std::optional<Json>> named;
  /// What this user may not list, so that nothing is claimed of it.
  Unreadable hidden;

  /// True where every object of that kind was seen.
  bool sees(const kube::Kind& kind) const;
  /// True where every object of that kind that gateways have in that namespace was seen.
  bool sees_members(const kube::Kind& kind, const std::string& ns) const;
  /// True where it was asked for and is not there.
  bool is_missing(const Reference& reference) const;
  /// The object that a gateway names; null where it is not there, or was not seen.
  const Json* find(const Reference& reference) const;
  void set_named(const Reference& reference, std::optional<Json> object);
};

/// What the gateway names without making it: Secrets with certificates, service accounts that may use it, the
/// ConfigMap with its policy.
std::vector<Reference> named_objects(const Egress& egress);

/// The Secret in which Istio looks for the CA beside a credential's own
/// (security/pkg/nodeagent/secretfetcher, 1.7.0; pilot/pkg/credentials/kube, 1.30.3).
std::string ca_secret_name(const std::string& credential);

}  // namespace egress::mesh
