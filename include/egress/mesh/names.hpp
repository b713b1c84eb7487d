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

/// "NAME-egress": what every object of the gateway is called, its record too.
std::string object_name(const std::string& gateway);

/// "NAME-egress-upstream": the second object of a kind, for the way from the gateway to the outside.
std::string upstream_name(const std::string& gateway);
/// The same for one of several hosts: the first bears the name alone, each further one its digest behind it,
/// so that a host keeps its objects when another goes.
std::string upstream_name(const Egress& egress, const std::string& host);
/// What is short and only that host's, for names inside objects.
std::string host_digest(const std::string& host);

/// "NS-NAME-egress": the gateway's objects beside the ingress gateway; a digest where that is no label.
std::string ingress_name(const Egress& egress);
/// "NAME-egress-opa-DIGEST": the ConfigMap with the policy. Another policy is in another one: OPA reads its
/// own when it starts, and pods that are still as they were keep theirs.
std::string policy_name(const Egress& egress);
/// "NAME-egress-cacert": the Secret with public roots.
std::string root_certificates_name(const std::string& gateway);

/// The one label that no other gateway's pods have: a Gateway's selector reaches into every namespace.
Json gateway_selector(const std::string& gateway, const std::string& ns);
/// The same as `kubectl get pods -l` takes it.
std::string pod_selector(const std::string& gateway, const std::string& ns);

/// The labels of every object of the gateway but its pods; `part_of` is its record's id.
Json object_labels(const std::string& gateway, const std::string& part_of);

/// True for the labels of a record that this tool chooses.
bool is_own_label(std::string_view key);

/// The gateway Service's full name in the cluster.
std::string service_host(const Egress& egress, const Mesh& mesh);

/// The id of the gateway's record as an ApplySet.
std::string record_id(const std::string& gateway, const std::string& ns);

/// The label selector that finds the records of all gateways.
std::string record_selector();
/// The records of those with these ids, or, where they are too many for a URL, of all gateways.
std::string record_selector(const std::set<std::string>& ids);

/// The label selector that finds the objects of all gateways, records included.
std::string object_selector();
/// The members of those sets, or, where they are too many for a URL, of all gateways' sets.
std::string member_selector(const std::set<std::string>& sets);

}  // namespace egress::mesh
