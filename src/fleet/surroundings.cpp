#include "egress/fleet/surroundings.hpp"

#include <algorithm>
#include <initializer_list>
#include <iterator>
#include <set>
#include <string_view>
#include <utility>

#include "egress/mesh/istio_kinds.hpp"
#include "egress/mesh/names.hpp"

namespace egress::fleet {
namespace {

using mesh::Surroundings;
using Objects = std::vector<Json> Surroundings::*;

constexpr int forbidden = 403;
constexpr int not_found_status = 404;

/// Leaves those members of a mapping.
void leave(Json& mapping, std::initializer_list<std::string_view> keys) {
  Json left{Json::Object{}};
  for (const std::string_view key : keys)
    if (mapping.has(key)) left.set(key, std::move(mapping.edit(key)));
  mapping = std::move(left);
}

void leave_metadata(Json& object) {
  leave(object.edit("metadata"),
        {"name", "namespace", "labels", "creationTimestamp", "deletionTimestamp", "generation"});
}

/// An object of which the audit asks what it says, and not how it is.
void leave_spec(Json& object) {
  leave(object, {"metadata", "spec"});
  leave_metadata(object);
}

void leave_containers(Json& pod_spec) {
  leave(pod_spec, {"containers"});
  Json containers{Json::Array{}};
  for (Json container : std::move(pod_spec.edit("containers")).items()) {
    leave(container, {"name", "image", "env"});
    containers.push(std::move(container));
  }
  pod_spec.set("containers", std::move(containers));
}

void leave_pod(Json& pod) {
  leave_spec(pod);
  leave_containers(pod.edit("spec"));
}

void leave_deployment(Json& deployment) {
  leave(deployment, {"metadata", "spec", "status"});
  leave_metadata(deployment);
  Json& spec = deployment.edit("spec");
  leave(spec, {"replicas", "template"});
  leave(spec.edit("template"), {"spec"});
  leave_containers(spec.edit("template").edit("spec"));
}

/// One collection, and where its objects go.
struct Look {
  kube::Resource resource;
  kube::Selection selection;
  Objects into;
  kube::Trim trim = leave_spec;
  bool namespaced = true;
};

const std::vector<Look>& looks() {
  using namespace mesh::kinds;
  const char* beta = "v1beta1";
  static const std::vector<Look> table{
      {{kube::kinds::namespaces},
       {.metadata_only = true},
       &Surroundings::namespaces,
       leave_name_and_labels,
       false},
      {{virtual_service, beta}, {}, &Surroundings::virtual_services},
      {{destination_rule, beta}, {}, &Surroundings::destination_rules},
      {{service_entry, beta}, {}, &Surroundings::service_entries},
      {{gateway, beta}, {}, &Surroundings::gateways},
      {{sidecar, beta}, {}, &Surroundings::sidecars},
      {{authorization_policy, beta}, {}, &Surroundings::authorization_policies},
      {{envoy_filter, "v1alpha3"}, {}, &Surroundings::envoy_filters},
      {{kube::kinds::network_policy}, {}, &Surroundings::network_policies},
      // Kubernetes serves the one since 1.21 and the other until 1.24.
      {{kube::kinds::disruption_budget, "v1"}, {}, &Surroundings::budgets},
      {{kube::kinds::disruption_budget, beta}, {}, &Surroundings::budgets},
      {{kube::kinds::deployment},
       {.labels = mesh::object_selector()},
       &Surroundings::deployments,
       leave_deployment},
      {{kube::kinds::pod}, {.labels = std::string(mesh::gateway_label)}, &Surroundings::pods, leave_pod},
  };
  return table;
}

kube::Listing listing(const Look& look, const std::string& ns) {
  return {look.resource, ns, look.selection, look.trim};
}

/// Takes a collection in. Returns false where this user may not list it.
bool take(Surroundings& into, const Look& look, kube::Listed& listed) {
  if (listed.error && listed.error->status() == forbidden) return false;
  if (listed.error && listed.error->status() != not_found_status) throw kube::ApiError(*listed.error);
  for (Json& object : listed.objects) object.set("apiVersion", look.resource.api_version());
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

void leave_name_and_labels(Json& object) {
  leave(object, {"metadata"});
  leave_metadata(object);
}

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
  for (const mesh::Egress& egress : gateways) {
    namespaces.insert(egress.ns);
    for (mesh::Reference& one : mesh::named_objects(egress))
      if (std::ranges::find(named, one) == named.end()) named.push_back(std::move(one));
  }
  look_at_named(cluster, named, surroundings);
  look_beside(cluster, namespaces, surroundings);
}

}  // namespace egress::fleet
