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

/// Calls `take` for each object with its neighbour and the object itself.
template <typename Take>
void for_each(const std::vector<PackedJson>& objects, const kube::Resource& resource, Take take) {
  for (const PackedJson& packed : objects) {
    const Json object = packed.unpack();
    take(read_neighbour(packed, object, resource), object);
  }
}

bool is_targeted(const Json& spec) {
  return spec.has("targetRefs") || spec.has("targetRef");
}

PodRule read_filter(Neighbour neighbour, const Json& object) {
  const Json& spec = object["spec"];
  return {std::move(neighbour), spec["workloadSelector"]["labels"], is_targeted(spec)};
}

PodRule read_policy(Neighbour neighbour, const Json& object) {
  const Json& spec = object["spec"];
  return {std::move(neighbour), spec["selector"]["matchLabels"], is_targeted(spec)};
}

PodRule read_gateway(Neighbour neighbour, const Json& object) {
  return {std::move(neighbour), object["spec"]["selector"]};
}

void index_labels(LabelIndex<PodRule>& index, const std::vector<PodRule>& rules) {
  for (const PodRule& rule : rules) index.add(rule.selector, rule);
}

}  // namespace

/// Those that the mesh's istiod looks at.
template <typename T, typename Read>
std::vector<T> Neighbourhood::read_all(const std::vector<PackedJson>& objects, const kube::Resource& resource,
                                       Read read_one) {
  const std::string& ours = mesh.has_revision() ? mesh.revision : "default";
  std::vector<T> read;
  read.reserve(objects.size());
  for_each(objects, resource, [&](Neighbour one, const Json& object) {
    note(one);
    const std::string& revision = labels_in(object)["istio.io/rev"].as_string();
    if (revision.empty() || revisions.named(revision).value_or(revision) == ours)
      read.push_back(read_one(std::move(one), object));
  });
  return read;
}

Neighbourhood::Neighbourhood(const Surroundings& surroundings)
    : all(surroundings), mesh(surroundings.mesh), revisions(surroundings.revisions) {
  read_routes();
  entries = read_all<Exported>(all.service_entries, v1beta1(kinds::service_entry),
                               [&](Neighbour one, const Json& object) {
                                 return read_exported(std::move(one), object, mesh.service_export_to);
                               });
  rules = read_all<TrafficRule>(all.destination_rules, v1beta1(kinds::destination_rule),
                                [&](Neighbour one, const Json& object) {
                                  return read_traffic_rule(std::move(one), object, mesh.cluster_domain);
                                });
  gateways = read_all<PodRule>(all.gateways, v1beta1(kinds::gateway), read_gateway);
  policies = read_all<PodRule>(all.authorization_policies, v1beta1(kinds::authorization_policy), read_policy);
  filters = read_all<PodRule>(all.envoy_filters, {kinds::envoy_filter, "v1alpha3"}, read_filter);
  sidecars = read_all<Imports>(all.sidecars, v1beta1(kinds::sidecar), read_imports);
  index_hosts();
  index_pod_rules();
  index_budgets();
  index_pods();
  index_own();
}

/// Those on the mesh.
void Neighbourhood::read_routes() {
  std::unordered_set<const PackedJson*> elsewhere;
  routes = read_all<Exported>(all.virtual_services, v1beta1(kinds::virtual_service),
                              [&](Neighbour one, const Json& object) {
                                if (!is_on_mesh(object)) elsewhere.insert(one.packed);
                                return read_exported(std::move(one), object, mesh.virtual_service_export_to);
                              });
  std::erase_if(routes, [&](const Exported& one) { return elsewhere.contains(one.packed); });
}

const Json* Neighbourhood::labels_of(const std::string& ns) const {
  const auto at = namespace_labels.find(ns);
  return at == namespace_labels.end() ? nullptr : &at->second;
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

void Neighbourhood::index_budgets() {
  for_each(all.budgets, {kube::kinds::disruption_budget}, [&](Neighbour one, const Json& object) {
    budgets.push_back(read_policy(std::move(one), object));
  });
  for (const PodRule& budget : budgets) budgets_by_label[budget.reference.ns].add(budget.selector, budget);
}

void Neighbourhood::index_pods() {
  for (const PackedJson& packed : all.pods) {
    const Json pod = packed.unpack();
    if (!pod["metadata"].has("deletionTimestamp"))
      pods[labels_in(pod)[gateway_label].as_string()].push_back(&packed);
  }
}

void Neighbourhood::index_own() {
  for (const Imports& sidecar : sidecars)
    if (sidecar.for_all) settled.insert(sidecar.reference.ns);
  for (const Json& one : unpacked(all.namespaces))
    namespace_labels[one["metadata"]["name"].as_string()] = labels_in(one);
  for (const Exported& route : routes)
    if (!route.set.empty()) own_routes[route.set] = &route;
  for_each(all.deployments, {kube::kinds::deployment}, [&](const Neighbour& one, const Json&) {
    note(one);
    deployments[one.set] = one.packed;
  });
  for_each(all.network_policies, {kube::kinds::network_policy},
           [&](const Neighbour& one, const Json&) { note(one); });
  for (const PackedJson& packed : all.members) {
    const Json object = packed.unpack();
    for (const kube::Kind& kind : all.member_kinds)
      if (object["kind"].as_string() == kind.name) note(read_neighbour(packed, object, {kind}));
  }
}

void Neighbourhood::note(const Neighbour& one) {
  if (!one.managed) return;
  managed.insert(one.reference.key());
  standing.insert(one.set);
}

}  // namespace egress::mesh
