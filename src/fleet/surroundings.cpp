#include "egress/fleet/surroundings.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "egress/fleet/audited_part.hpp"
#include "egress/mesh/istio_kinds.hpp"
#include "egress/mesh/names.hpp"

namespace egress::fleet {
namespace {

using mesh::Surroundings;
using Objects = std::vector<PackedJson> Surroundings::*;

constexpr int forbidden = 403;
constexpr int not_found_status = 404;

/// Of each kind at one time: a page is read into many times as much. Namespaces are small.
constexpr int page = 100;
constexpr int page_of_namespaces = 500;

/// One collection, and where its objects go.
struct Look {
  kube::Resource resource;
  Objects into;
  kube::Trim trim;
  std::string labels{};
  bool namespaced = true;
};

const std::vector<Look>& looks() {
  using namespace mesh::kinds;
  const char* beta = "v1beta1";
  static const std::vector<Look> table{
      {{kube::kinds::namespaces}, &Surroundings::namespaces, leave_name_and_labels, "", false},
      {{virtual_service, beta}, &Surroundings::virtual_services, leave_virtual_service},
      {{destination_rule, beta}, &Surroundings::destination_rules, leave_destination_rule},
      {{service_entry, beta}, &Surroundings::service_entries, leave_service_entry},
      {{gateway, beta}, &Surroundings::gateways, leave_gateway},
      {{sidecar, beta}, &Surroundings::sidecars, leave_sidecar},
      {{authorization_policy, beta}, &Surroundings::authorization_policies, leave_authorization_policy},
      {{envoy_filter, "v1alpha3"}, &Surroundings::envoy_filters, leave_envoy_filter},
      {{kube::kinds::network_policy}, &Surroundings::network_policies, leave_network_policy},
      // Kubernetes serves the one since 1.21 and the other until 1.24.
      {{kube::kinds::disruption_budget, "v1"}, &Surroundings::budgets, leave_disruption_budget},
      {{kube::kinds::disruption_budget, beta}, &Surroundings::budgets, leave_beta_disruption_budget},
      {{kube::kinds::deployment}, &Surroundings::deployments, leave_deployment, mesh::object_selector()},
      {{kube::kinds::pod}, &Surroundings::pods, leave_pod, std::string(mesh::gateway_label)},
  };
  return table;
}

kube::Listing listing(const Look& look, const std::string& ns) {
  kube::Selection selection{.labels = look.labels, .limit = page};
  if (!look.namespaced) selection = {.limit = page_of_namespaces, .metadata_only = true};
  return {look.resource, ns, std::move(selection), look.trim};
}

/// Takes a collection in. Returns false where this user may not list it.
bool take(Surroundings& into, const Look& look, kube::Listed& listed) {
  if (listed.error && listed.error->status() == forbidden) return false;
  if (listed.error && listed.error->status() != not_found_status) throw kube::ApiError(*listed.error);
  std::ranges::move(listed.objects, std::back_inserter(into.*look.into));
  return true;
}

void hide(Surroundings& surroundings, const kube::Kind& kind, const std::string& ns) {
  auto& hidden = surroundings.hidden;
  const bool told =
      std::ranges::any_of(hidden, [&](const mesh::Hidden& one) { return one.kind == kind && one.ns == ns; });
  if (!told) hidden.push_back({kind, ns});
}

/// The same collections in the gateways' own namespaces, where they are hidden elsewhere.
void look_beside(kube::Cluster& cluster, const std::set<std::string>& namespaces,
                 Surroundings& surroundings) {
  std::vector<const Look*> again;
  std::vector<kube::Listing> listings;
  for (const Look& look : looks())
    for (const std::string& ns : namespaces) {
      if (!look.namespaced || surroundings.sees(look.resource.kind)) continue;
      again.push_back(&look);
      listings.push_back(listing(look, ns));
    }
  auto listed = kube::list_all(cluster, listings);
  for (std::size_t i = 0; i < again.size(); ++i)
    if (!take(surroundings, *again[i], listed[i]))
      hide(surroundings, again[i]->resource.kind, listings[i].ns);
}

void look_at_named(kube::Cluster& cluster, const std::vector<mesh::Reference>& named,
                   Surroundings& surroundings) {
  if (named.empty()) return;
  std::vector<kube::Call> calls;
  for (const mesh::Reference& one : named) calls.push_back(kube::get(one.resource, one.ns, one.name));
  auto answers = cluster.send(calls);
  for (std::size_t i = 0; i < named.size(); ++i) {
    if (answers[i].status == forbidden)
      hide(surroundings, named[i].resource.kind, named[i].ns);
    else if (answers[i].not_found())
      surroundings.set_named(named[i], std::nullopt);
    else
      surroundings.set_named(named[i], answers[i].take());
  }
}

}  // namespace

std::vector<kube::Listing> surrounding_listings() {
  std::vector<kube::Listing> listings;
  for (const Look& look : looks()) listings.push_back(listing(look, ""));
  return listings;
}

mesh::Surroundings sort_out(std::span<kube::Listed> listed) {
  Surroundings surroundings;
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

void look_closer(kube::Cluster& cluster, std::span<const mesh::Egress> gateways,
                 mesh::Surroundings& surroundings) {
  std::set<std::string> namespaces;
  std::vector<mesh::Reference> named;
  std::set<std::string> seen;
  for (const mesh::Egress& egress : gateways) {
    namespaces.insert(egress.ns);
    for (mesh::Reference& one : mesh::named_objects(egress))
      if (seen.insert(one.key()).second) named.push_back(std::move(one));
  }
  look_at_named(cluster, named, surroundings);
  look_beside(cluster, namespaces, surroundings);
}

}  // namespace egress::fleet
