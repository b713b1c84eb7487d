#include "egress/mesh/audit/audit_index.hpp"

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

/// The version of Istio's kinds that every Istio since 1.7.0 serves.
kube::Resource v1beta1(const kube::Kind& kind) {
  return {kind, "v1beta1"};
}

/// Calls the function for each object, parsed and as JSON.
template <typename Take>
void for_each(const std::vector<JsonText>& objects, const kube::Resource& resource, Take take) {
  for (const JsonText& packed : objects) {
    const Json object = packed.parse();
    take(read_audited_object(packed, object, resource), object);
  }
}

bool is_targeted(const Json& spec) {
  return spec.has("targetRefs") || spec.has("targetRef");
}

WorkloadSelector read_filter(AuditedObject neighbour, const Json& object) {
  const Json& spec = object["spec"];
  return {std::move(neighbour), spec["workloadSelector"]["labels"], is_targeted(spec)};
}

WorkloadSelector read_policy(AuditedObject neighbour, const Json& object) {
  const Json& spec = object["spec"];
  return {std::move(neighbour), spec["selector"]["matchLabels"], is_targeted(spec)};
}

WorkloadSelector read_gateway(AuditedObject neighbour, const Json& object) {
  return {std::move(neighbour), object["spec"]["selector"]};
}

void index_labels(LabelIndex<WorkloadSelector>& index, const std::vector<WorkloadSelector>& rules) {
  for (const WorkloadSelector& rule : rules) index.add(rule.selector, rule);
}

}  // namespace

/// Reads the objects of the mesh's Istio revision.
template <typename T, typename Read>
std::vector<T> AuditIndex::read_all(const std::vector<JsonText>& objects, const kube::Resource& resource,
                                    Read read) {
  const std::string& ours = mesh.has_revision() ? mesh.revision : "default";
  std::vector<T> result;
  result.reserve(objects.size());
  for_each(objects, resource, [&](AuditedObject one, const Json& object) {
    add_member(one);
    const std::string& revision = labels_in(object)["istio.io/rev"].as_string();
    if (revision.empty() || revisions.resolve(revision).value_or(revision) == ours)
      result.push_back(read(std::move(one), object));
  });
  return result;
}

AuditIndex::AuditIndex(const AuditSnapshot& snapshot)
    : all(snapshot), mesh(snapshot.mesh), revisions(snapshot.revisions) {
  read_routes();
  entries = read_all<ExportedObject>(
      all.service_entries, v1beta1(kinds::service_entry), [&](AuditedObject one, const Json& object) {
        return read_exported_object(std::move(one), object, mesh.service_export_to);
      });
  rules = read_all<DestinationRule>(
      all.destination_rules, v1beta1(kinds::destination_rule), [&](AuditedObject one, const Json& object) {
        return read_destination_rule(std::move(one), object, mesh.cluster_domain);
      });
  gateways = read_all<WorkloadSelector>(all.gateways, v1beta1(kinds::gateway), read_gateway);
  policies = read_all<WorkloadSelector>(all.authorization_policies, v1beta1(kinds::authorization_policy),
                                        read_policy);
  filters = read_all<WorkloadSelector>(all.envoy_filters, {kinds::envoy_filter, "v1alpha3"}, read_filter);
  sidecars = read_all<SidecarScope>(all.sidecars, v1beta1(kinds::sidecar), read_sidecar_scope);
  index_hosts();
  index_pod_rules();
  index_budgets();
  index_pods();
  index_own();
}

/// Reads the VirtualServices that apply to sidecars.
void AuditIndex::read_routes() {
  std::unordered_set<const JsonText*> elsewhere;
  routes = read_all<ExportedObject>(
      all.virtual_services, v1beta1(kinds::virtual_service), [&](AuditedObject one, const Json& object) {
        if (!is_on_mesh(object)) elsewhere.insert(one.packed);
        return read_exported_object(std::move(one), object, mesh.virtual_service_export_to);
      });
  std::erase_if(routes, [&](const ExportedObject& one) { return elsewhere.contains(one.packed); });
}

const Json* AuditIndex::labels_of(const std::string& ns) const {
  const auto at = namespace_labels.find(ns);
  return at == namespace_labels.end() ? nullptr : &at->second;
}

void AuditIndex::index_hosts() {
  for (const ExportedObject& route : routes)
    for (const std::string& host : route.hosts) routes_by_host.add(host, route);
  for (const ExportedObject& entry : entries) {
    for (const std::string& host : entry.hosts) entries_by_host.add(host, entry);
    for (const Json& address : entry.spec()["addresses"].items())
      if (auto& those = entries_by_address[address.as_string()]; those.empty() || those.back() != &entry)
        those.push_back(&entry);
  }
  for (const DestinationRule& rule : rules) rules_by_host.add(rule.host, rule);
}

void AuditIndex::index_pod_rules() {
  for (const WorkloadSelector& gateway : gateways)
    for (const std::string& host : served_hosts(gateway, https_port))
      gateways_by_host[host].push_back(&gateway);
  index_labels(gateways_by_label, gateways);
  index_labels(policies_by_label, policies);
  index_labels(filters_by_label, filters);
}

void AuditIndex::index_budgets() {
  for_each(
      all.disruption_budgets, {kube::kinds::disruption_budget},
      [&](AuditedObject one, const Json& object) { budgets.push_back(read_policy(std::move(one), object)); });
  for (const WorkloadSelector& budget : budgets)
    budgets_by_label[budget.reference.ns].add(budget.selector, budget);
}

void AuditIndex::index_pods() {
  for (const JsonText& packed : all.pods) {
    const Json pod = packed.parse();
    if (!pod["metadata"].has("deletionTimestamp"))
      pods[labels_in(pod)[gateway_label].as_string()].push_back(&packed);
  }
}

void AuditIndex::index_own() {
  for (const SidecarScope& sidecar : sidecars)
    if (sidecar.for_all) namespaces_with_sidecar.insert(sidecar.reference.ns);
  for (const Json& one : parse_all(all.namespaces))
    namespace_labels[one["metadata"]["name"].as_string()] = labels_in(one);
  for (const ExportedObject& route : routes)
    if (!route.set.empty()) routes_by_set[route.set] = &route;
  for_each(all.deployments, {kube::kinds::deployment}, [&](const AuditedObject& one, const Json&) {
    add_member(one);
    deployments[one.set] = one.packed;
  });
  for_each(all.network_policies, {kube::kinds::network_policy},
           [&](const AuditedObject& one, const Json&) { add_member(one); });
  for (const JsonText& packed : all.members) {
    const Json object = packed.parse();
    for (const kube::Kind& kind : all.member_kinds)
      if (object["kind"].as_string() == kind.name) add_member(read_audited_object(packed, object, {kind}));
  }
}

void AuditIndex::add_member(const AuditedObject& one) {
  if (!one.managed) return;
  managed.insert(one.reference.key());
  existing_sets.insert(one.set);
}

}  // namespace egress::mesh
