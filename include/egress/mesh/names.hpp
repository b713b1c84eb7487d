#pragma once

#include <set>
#include <string>

#include "egress/base/json.hpp"
#include "egress/mesh/egress.hpp"
#include "egress/mesh/mesh.hpp"

namespace egress::mesh {

inline constexpr std::string_view gateway_label = "kubectl-egress/gateway";
inline constexpr std::string_view managed_by_label = "app.kubernetes.io/managed-by";
inline constexpr std::string_view instance_label = "app.kubernetes.io/instance";
inline constexpr std::string_view component_label = "app.kubernetes.io/component";
inline constexpr std::string_view managed_by = "kubectl-egress";
inline constexpr std::string_view component = "egress-gateway";

/// "NAME-egress": the name of the gateway's objects, including its record.
std::string object_name(const std::string& gateway);

/// "NAME-egress-upstream": the second object of a kind, for the hop from the gateway to the external service.
std::string upstream_name(const std::string& gateway);
/// The same for one of several hosts. The first host has the plain name; the others append a digest of the
/// host, so that a host keeps its objects when another one is removed.
std::string upstream_name(const Egress& egress, const std::string& host);
/// A short digest of the host, for names of objects and inside objects.
std::string host_digest(const std::string& host);

/// "NS-NAME-egress": the name of the gateway's objects in the ingress gateway's namespace; a digest if that
/// is too long for a label.
std::string ingress_name(const Egress& egress);
/// "NAME-egress-opa-DIGEST": the ConfigMap with the OPA policy. A changed policy gets a new ConfigMap,
/// because OPA reads its policy when it starts, and pods that are not replaced yet must keep theirs.
std::string policy_name(const Egress& egress);
/// "NAME-egress-cacert": the Secret with the public root certificates.
std::string root_certificates_name(const std::string& gateway);

/// The label that only this gateway's pods have. A Gateway's selector applies to all namespaces.
Json gateway_selector(const std::string& gateway, const std::string& ns);
/// The same as an argument of `kubectl get pods -l`.
std::string pod_selector(const std::string& gateway, const std::string& ns);

/// The labels of every object of the gateway except its pods; `part_of` is the ID of its record.
Json object_labels(const std::string& gateway, const std::string& part_of);

/// True for a label of a record that this tool sets.
bool is_own_label(std::string_view key);

/// The DNS name of the gateway's Service in the cluster.
std::string service_host(const Egress& egress, const Mesh& mesh);

/// The ApplySet ID of the gateway's record.
std::string record_id(const std::string& gateway, const std::string& ns);

/// The label selector that finds the records of all gateways.
std::string record_selector();
/// The same for records with these IDs, or for all records if the IDs are too many for a URL.
std::string record_selector(const std::set<std::string>& ids);

/// The label selector that finds the objects of all gateways, records included.
std::string object_selector();
/// The label selector that finds the members of these ApplySets, or of all gateways if the IDs are too many
/// for a URL.
std::string member_selector(const std::set<std::string>& sets);

}  // namespace egress::mesh
