#include "egress/fleet/audit_snapshot.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "egress/fleet/audit_transforms.hpp"
#include "egress/mesh/istio_kinds.hpp"
#include "egress/mesh/names.hpp"

namespace egress::fleet {
namespace {

using mesh::AuditSnapshot;
using Objects = std::vector<JsonText> AuditSnapshot::*;

constexpr int forbidden = 403;
constexpr int not_found_status = 404;

/// Of each kind at one time: a page is read into many times as much. Namespaces are small.
constexpr int page = 100;
constexpr int page_of_namespaces = 500;

/// One collection, and where its objects go.
struct Look {
  kube::Resource resource;
  Objects into;
  kube::Transform transform;
  std::string labels{};
  bool namespaced = true;
};

const std::vector<Look>& looks() {
  using namespace mesh::kinds;
  const char* beta = "v1beta1";
  static const std::vector<Look> table{
      {{kube::kinds::namespaces}, &AuditSnapshot::namespaces, trim_to_metadata, "", false},
      {{virtual_service, beta}, &AuditSnapshot::virtual_services, trim_virtual_service},
      {{destination_rule, beta}, &AuditSnapshot::destination_rules, trim_destination_rule},
      {{service_entry, beta}, &AuditSnapshot::service_entries, trim_service_entry},
      {{gateway, beta}, &AuditSnapshot::gateways, trim_gateway},
      {{sidecar, beta}, &AuditSnapshot::sidecars, trim_sidecar},
      {{authorization_policy, beta}, &AuditSnapshot::authorization_policies, trim_authorization_policy},
      {{envoy_filter, "v1alpha3"}, &AuditSnapshot::envoy_filters, trim_envoy_filter},
      {{kube::kinds::network_policy}, &AuditSnapshot::network_policies, trim_network_policy},
      // Kubernetes serves the one since 1.21 and the other until 1.24.
      {{kube::kinds::disruption_budget, "v1"}, &AuditSnapshot::disruption_budgets, trim_disruption_budget},
      {{kube::kinds::disruption_budget, beta},
       &AuditSnapshot::disruption_budgets,
       trim_beta_disruption_budget},
      {{kube::kinds::deployment}, &AuditSnapshot::deployments, trim_deployment, mesh::object_selector()},
      {{kube::kinds::pod}, &AuditSnapshot::pods, trim_pod, std::string(mesh::gateway_label)},
  };
  return table;
}

kube::Listing listing(const Look& look, const std::string& ns) {
  kube::ListOptions selection{.label_selector = look.labels, .limit = page};
  if (!look.namespaced) selection = {.limit = page_of_namespaces, .metadata_only = true};
  return {look.resource, ns, std::move(selection), look.transform};
}

/// Takes a collection in. Returns false where this user may not list it.
bool take(AuditSnapshot& into, const Look& look, kube::ListResult& listed) {
  if (listed.error && listed.error->status() == forbidden) return false;
  if (listed.error && listed.error->status() != not_found_status) throw kube::ApiError(*listed.error);
  std::ranges::move(listed.objects, std::back_inserter(into.*look.into));
  return true;
}

void hide(AuditSnapshot& surroundings, const kube::Kind& kind, const std::string& ns) {
  auto& hidden = surroundings.unlistable;
  const bool told = std::ranges::any_of(
      hidden, [&](const mesh::UnlistableKind& one) { return one.kind == kind && one.ns == ns; });
  if (!told) hidden.push_back({kind, ns});
}

/// The same collections in the gateways' own namespaces, where they are hidden elsewhere.
void look_beside(kube::Cluster& cluster, const std::set<std::string>& namespaces,
                 AuditSnapshot& surroundings) {
  std::vector<const Look*> again;
  std::vector<kube::Listing> listings;
  for (const Look& look : looks())
    for (const std::string& ns : namespaces) {
      if (!look.namespaced || surroundings.has_listed(look.resource.kind)) continue;
      again.push_back(&look);
      listings.push_back(listing(look, ns));
    }
  auto listed = kube::list_all(cluster, listings);
  for (std::size_t i = 0; i < again.size(); ++i)
    if (!take(surroundings, *again[i], listed[i]))
      hide(surroundings, again[i]->resource.kind, listings[i].ns);
}

void look_at_named(kube::Cluster& cluster, const std::vector<mesh::Reference>& named,
                   AuditSnapshot& surroundings) {
  if (named.empty()) return;
  std::vector<kube::Call> calls;
  for (const mesh::Reference& one : named) calls.push_back(kube::get(one.resource, one.ns, one.name));
  auto answers = cluster.send(calls);
  for (std::size_t i = 0; i < named.size(); ++i) {
    if (answers[i].status == forbidden)
      hide(surroundings, named[i].resource.kind, named[i].ns);
    else if (answers[i].not_found())
      surroundings.set_referenced(named[i], std::nullopt);
    else
      surroundings.set_referenced(named[i], answers[i].release());
  }
}

}  // namespace

std::vector<kube::Listing> audit_listings() {
  std::vector<kube::Listing> listings;
  for (const Look& look : looks()) listings.push_back(listing(look, ""));
  return listings;
}

mesh::AuditSnapshot build_snapshot(std::span<kube::ListResult> listed) {
  AuditSnapshot surroundings;
  std::vector<Objects> full;
  for (std::size_t i = 0; i < looks().size(); ++i) {
    const Look& look = looks()[i];
    // In another version it would be the same objects again.
    if (std::ranges::find(full, look.into) != full.end()) continue;
    if (!take(surroundings, look, listed[i])) hide(surroundings, look.resource.kind, "");
    if (!listed[i].error) full.push_back(look.into);
  }
  return surroundings;
}

void complete_snapshot(kube::Cluster& cluster, std::span<const mesh::Egress> gateways,
                       mesh::AuditSnapshot& surroundings) {
  std::set<std::string> namespaces;
  std::vector<mesh::Reference> named;
  std::set<std::string> seen;
  for (const mesh::Egress& egress : gateways) {
    namespaces.insert(egress.ns);
    for (mesh::Reference& one : mesh::referenced_objects(egress))
      if (seen.insert(one.key()).second) named.push_back(std::move(one));
  }
  look_at_named(cluster, named, surroundings);
  look_beside(cluster, namespaces, surroundings);
}

}  // namespace egress::fleet
