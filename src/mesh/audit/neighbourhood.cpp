#include "egress/mesh/audit/neighbourhood.hpp"

#include <algorithm>
#include <iterator>

#include "egress/kube/applyset.hpp"
#include "egress/mesh/istio_kinds.hpp"
#include "egress/mesh/names.hpp"

namespace egress::mesh {
namespace {

const Json& labels_in(const Json& object) {
  return object["metadata"]["labels"];
}

/// The kinds of Istio's own that are read here, as every Istio since 1.7.0 serves them.
kube::Resource v1beta1(const kube::Kind& kind) {
  return {kind, "v1beta1"};
}

/// Reads the objects that the mesh's istiod looks at.
template <typename T, typename Read>
std::vector<T> read_all(const Neighbourhood& around, const std::vector<Json>& objects,
                        const kube::Resource& resource, Read read_one) {
  const std::string& ours = around.mesh.has_revision() ? around.mesh.revision : "default";
  std::vector<T> read;
  read.reserve(objects.size());
  for (const Json& object : objects) {
    const std::string& revision = labels_in(object)["istio.io/rev"].as_string();
    if (revision.empty() || around.revisions.named(revision).value_or(revision) == ours)
      read.push_back(read_one(read_neighbour(object, resource)));
  }
  return read;
}

PodRule read_filter(Neighbour neighbour) {
  PodRule read{std::move(neighbour), {}};
  read.selector = read.spec()["workloadSelector"]["labels"];
  return read;
}

PodRule read_policy(Neighbour neighbour) {
  PodRule read{std::move(neighbour), {}};
  read.selector = read.spec()["selector"]["matchLabels"];
  return read;
}

PodRule read_gateway(Neighbour neighbour) {
  PodRule read{std::move(neighbour), {}};
  read.selector = read.spec()["selector"];
  return read;
}

void index_labels(LabelIndex<PodRule>& index, const std::vector<PodRule>& rules) {
  for (const PodRule& rule : rules) index.add(rule.selector, rule);
}

}  // namespace

Neighbourhood::Neighbourhood(const Surroundings& surroundings)
    : all(surroundings), mesh(surroundings.mesh), revisions(surroundings.revisions) {
  routes = read_all<Exported>(
      *this, all.virtual_services, v1beta1(kinds::virtual_service),
      [&](Neighbour one) { return read_exported(std::move(one), mesh.virtual_service_export_to); });
  std::erase_if(routes, [](const Exported& one) { return !is_on_mesh(*one.json); });
  entries = read_all<Exported>(*this, all.service_entries, v1beta1(kinds::service_entry), [&](Neighbour one) {
    return read_exported(std::move(one), mesh.service_export_to);
  });
  rules = read_all<TrafficRule>(
      *this, all.destination_rules, v1beta1(kinds::destination_rule),
      [&](Neighbour one) { return read_traffic_rule(std::move(one), mesh.cluster_domain); });
  gateways = read_all<PodRule>(*this, all.gateways, v1beta1(kinds::gateway), read_gateway);
  policies =
      read_all<PodRule>(*this, all.authorization_policies, v1beta1(kinds::authorization_policy), read_policy);
  filters = read_all<PodRule>(*this, all.envoy_filters, {kinds::envoy_filter, "v1alpha3"}, read_filter);
  sidecars = read_all<Imports>(*this, all.sidecars, v1beta1(kinds::sidecar), read_imports);
  index_hosts();
  index_pod_rules();
  index_own();
}

const Json* Neighbourhood::labels_of(const std::string& ns) const {
  const auto at = namespace_labels.find(ns);
  return at == namespace_labels.end() ? nullptr : at->second;
}

void Neighbourhood::index_hosts() {
  for (const Exported& route : routes)
    for (const std::string& host : route.hosts) routes_by_host.add(host, route);
  for (const Exported& entry : entries) {
    for (const std::string& host : entry.hosts) entries_by_host.add(host, entry);
    for (const Json& address : entry.spec()["addresses"].items())
      if (auto& those = entries_by_address[address.as_string()]; those.empty() || those.back() != &entry)
        those.push_back(&entry);
  }
  for (const TrafficRule& rule : rules) rules_by_host.add(rule.host, rule);
}

void Neighbourhood::index_pod_rules() {
  for (const PodRule& gateway : gateways)
    for (const std::string& host : served_hosts(gateway, https_port))
      gateways_by_host[host].push_back(&gateway);
  index_labels(gateways_by_label, gateways);
  index_labels(policies_by_label, policies);
  index_labels(filters_by_label, filters);
}

void Neighbourhood::index_own() {
  for (const Imports& sidecar : sidecars)
    if (sidecar.for_all) settled.insert(sidecar.reference.ns);
  for (const Json& one : all.namespaces)
    namespace_labels[one["metadata"]["name"].as_string()] = &labels_in(one);
  for (const Exported& route : routes)
    if (!route.set.empty()) own_routes[route.set] = &route;
  for (const Json& one : all.deployments)
    deployments[labels_in(one)[kube::applyset::part_of_label].as_string()] = &one;
  for (const Json& one : all.pods)
    if (!one["metadata"].has("deletionTimestamp"))
      pods[labels_in(one)[gateway_label].as_string()].push_back(&one);
  for (const Json& one : all.budgets)
    budgets[one["metadata"]["namespace"].as_string()].add(one["spec"]["selector"]["matchLabels"], one);

  note_managed(all.virtual_services, kinds::virtual_service);
  note_managed(all.destination_rules, kinds::destination_rule);
  note_managed(all.service_entries, kinds::service_entry);
  note_managed(all.gateways, kinds::gateway);
  note_managed(all.authorization_policies, kinds::authorization_policy);
  note_managed(all.envoy_filters, kinds::envoy_filter);
  note_managed(all.network_policies, kube::kinds::network_policy);
  note_managed(all.deployments, kube::kinds::deployment);
  for (const Json& one : all.members)
    for (const kube::Kind& kind : all.member_kinds)
      if (one["kind"].as_string() == kind.name) note_managed(one, kind);
}

void Neighbourhood::note_managed(const std::vector<Json>& objects, const kube::Kind& kind) {
  for (const Json& object : objects) note_managed(object, kind);
}

void Neighbourhood::note_managed(const Json& object, const kube::Kind& kind) {
  const Neighbour one = read_neighbour(object, {kind});
  if (!one.managed()) return;
  managed.insert(one.reference.key());
  standing.insert(one.set);
}

}  // namespace egress::mesh
