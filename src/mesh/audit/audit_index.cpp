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
template <typename Visit>
void for_each(const std::vector<JsonText>& objects, const kube::Resource& resource, Visit visit) {
  for (const JsonText& json_text : objects) {
    const Json object = json_text.parse();
    visit(read_audited_object(json_text, object, resource), object);
  }
}

bool is_targeted(const Json& spec) {
  return spec.has("targetRefs") || spec.has("targetRef");
}

WorkloadSelector read_filter(AuditedObject base, const Json& object) {
  const Json& spec = object["spec"];
  return {std::move(base), spec["workloadSelector"]["labels"], is_targeted(spec)};
}

WorkloadSelector read_policy(AuditedObject base, const Json& object) {
  const Json& spec = object["spec"];
  return {std::move(base), spec["selector"]["matchLabels"], is_targeted(spec)};
}

WorkloadSelector read_gateway(AuditedObject base, const Json& object) {
  return {std::move(base), object["spec"]["selector"]};
}

void index_labels(LabelIndex<WorkloadSelector>& index, const std::vector<WorkloadSelector>& rules) {
  for (const WorkloadSelector& rule : rules) index.add(rule.selector, rule);
}

}  // namespace

/// Reads the objects of the mesh's Istio revision.
template <typename T, typename Read>
std::vector<T> AuditIndex::read_all(const std::vector<JsonText>& objects, const kube::Resource& resource,
                                    Read read) {
  const std::string& own_revision = mesh.has_revision() ? mesh.revision : "default";
  std::vector<T> result;
  result.reserve(objects.size());
  for_each(objects, resource, [&](AuditedObject base, const Json& object) {
    add_member(base);
    const std::string& revision = labels_in(object)["istio.io/rev"].as_string();
    if (revision.empty() || revisions.resolve(revision).value_or(revision) == own_revision)
      result.push_back(read(std::move(base), object));
  });
  return result;
}

AuditIndex::AuditIndex(const AuditSnapshot& source)
    : snapshot(source), mesh(source.mesh), revisions(source.revisions) {
  read_routes();
  entries = read_all<ExportedObject>(
      snapshot.service_entries, v1beta1(kinds::service_entry), [&](AuditedObject base, const Json& object) {
        return read_exported_object(std::move(base), object, mesh.service_export_to);
      });
  rules =
      read_all<DestinationRule>(snapshot.destination_rules, v1beta1(kinds::destination_rule),
                                [&](AuditedObject base, const Json& object) {
                                  return read_destination_rule(std::move(base), object, mesh.cluster_domain);
                                });
  gateways = read_all<WorkloadSelector>(snapshot.gateways, v1beta1(kinds::gateway), read_gateway);
  policies = read_all<WorkloadSelector>(snapshot.authorization_policies, v1beta1(kinds::authorization_policy),
                                        read_policy);
  filters =
      read_all<WorkloadSelector>(snapshot.envoy_filters, {kinds::envoy_filter, "v1alpha3"}, read_filter);
  sidecars = read_all<SidecarScope>(snapshot.sidecars, v1beta1(kinds::sidecar), read_sidecar_scope);
  index_hosts();
  index_selectors();
  index_budgets();
  index_pods();
  index_members();
}

/// Reads the VirtualServices that apply to sidecars.
void AuditIndex::read_routes() {
  std::unordered_set<const JsonText*> gateway_routes;
  routes = read_all<ExportedObject>(snapshot.virtual_services, v1beta1(kinds::virtual_service),
                                    [&](AuditedObject base, const Json& object) {
                                      if (!is_on_mesh(object)) gateway_routes.insert(base.json_text);
                                      return read_exported_object(std::move(base), object,
                                                                  mesh.virtual_service_export_to);
                                    });
  std::erase_if(routes,
                [&](const ExportedObject& route) { return gateway_routes.contains(route.json_text); });
}

const Json* AuditIndex::find_namespace_labels(const std::string& ns) const {
  const auto at = namespace_labels.find(ns);
  return at == namespace_labels.end() ? nullptr : &at->second;
}

void AuditIndex::index_hosts() {
  for (const ExportedObject& route : routes)
    for (const std::string& host : route.hosts) routes_by_host.add(host, route);
  for (const ExportedObject& entry : entries) {
    for (const std::string& host : entry.hosts) entries_by_host.add(host, entry);
    for (const Json& address : entry.spec()["addresses"].items())
      if (auto& with_address = entries_by_address[address.as_string()];
          with_address.empty() || with_address.back() != &entry)
        with_address.push_back(&entry);
  }
  for (const DestinationRule& rule : rules) rules_by_host.add(rule.host, rule);
}

void AuditIndex::index_selectors() {
  for (const WorkloadSelector& gateway : gateways)
    for (const std::string& host : served_hosts(gateway, https_port))
      gateways_by_host[host].push_back(&gateway);
  index_labels(gateways_by_label, gateways);
  index_labels(policies_by_label, policies);
  index_labels(filters_by_label, filters);
}

void AuditIndex::index_budgets() {
  for_each(snapshot.disruption_budgets, {kube::kinds::disruption_budget},
           [&](AuditedObject base, const Json& object) {
             budgets.push_back(read_policy(std::move(base), object));
           });
  for (const WorkloadSelector& budget : budgets)
    budgets_by_label[budget.reference.ns].add(budget.selector, budget);
}

void AuditIndex::index_pods() {
  for (const JsonText& json_text : snapshot.pods) {
    const Json pod = json_text.parse();
    if (!pod["metadata"].has("deletionTimestamp"))
      pods[labels_in(pod)[gateway_label].as_string()].push_back(&json_text);
  }
}

void AuditIndex::index_members() {
  for (const SidecarScope& sidecar : sidecars)
    if (sidecar.selects_all_pods) namespaces_with_sidecar.insert(sidecar.reference.ns);
  for (const Json& ns : parse_all(snapshot.namespaces))
    namespace_labels[ns["metadata"]["name"].as_string()] = labels_in(ns);
  for (const ExportedObject& route : routes)
    if (!route.set.empty()) routes_by_set[route.set] = &route;
  for_each(snapshot.deployments, {kube::kinds::deployment}, [&](const AuditedObject& object, const Json&) {
    add_member(object);
    deployments[object.set] = object.json_text;
  });
  for_each(snapshot.network_policies, {kube::kinds::network_policy},
           [&](const AuditedObject& object, const Json&) { add_member(object); });
  for (const JsonText& json_text : snapshot.members) {
    const Json object = json_text.parse();
    for (const kube::Kind& kind : snapshot.member_kinds)
      if (object["kind"].as_string() == kind.name) add_member(read_audited_object(json_text, object, {kind}));
  }
}

void AuditIndex::add_member(const AuditedObject& object) {
  if (!object.is_managed) return;
  managed_keys.insert(object.reference.key());
  existing_sets.insert(object.set);
}

}  // namespace egress::mesh
