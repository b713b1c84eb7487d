#include "egress/fleet/member_query.hpp"

#include <algorithm>
#include <vector>

#include "egress/fleet/member_listings.hpp"
#include "egress/fleet/namespaced_listing.hpp"
#include "egress/kube/applyset.hpp"
#include "egress/mesh/names.hpp"

namespace egress::fleet {
namespace {

constexpr int forbidden = 403;
/// Whole objects are many times as big as their metadata.
constexpr int page_of_whole = 100;

bool may_be_elsewhere(const kube::Kind& kind) {
  return std::ranges::find(cross_namespace_kinds, kind) != cross_namespace_kinds.end();
}

}  // namespace

void MemberQuery::add(const std::string& set, const std::string& ns,
                      std::span<const mesh::Reference> members) {
  sets_.insert(set);
  own_.insert(ns);
  for (const mesh::Reference& one : members) elsewhere_.insert(one.ns);
}

std::set<std::string> MemberQuery::namespaces_with(const kube::Kind& kind) const {
  std::set<std::string> namespaces = own_;
  if (may_be_elsewhere(kind)) namespaces.insert(elsewhere_.begin(), elsewhere_.end());
  return namespaces;
}

void MemberQuery::list(kube::Cluster& cluster, const kube::ServedResources& served,
                       const std::function<bool(const kube::Kind&)>& is_whole, const Take& take) const {
  std::vector<NamespacedListing> wanted;
  for (const kube::Kind& kind : mesh::all_kinds()) {
    const auto resource = served.find(kind);
    if (!resource) continue;
    const bool whole = is_whole(kind);
    kube::ListOptions selection{.label_selector = mesh::member_selector(sets_), .metadata_only = !whole};
    if (whole) selection.limit = page_of_whole;
    wanted.push_back({{*resource, "", selection}, namespaces_with(kind)});
    if (everywhere_ && may_be_elsewhere(kind)) wanted.push_back({{*resource, "", selection}, all_namespaces});
  }
  list_in_namespaces(cluster, wanted, [&](const kube::Listing& listing, kube::Page page) {
    if (page.error && page.error->status() != forbidden) throw kube::ApiError(*page.error);
    for (Json& object : page.objects) {
      const std::string set = object["metadata"]["labels"][kube::applyset::part_of_label].as_string();
      if (sets_.contains(set)) take(listing.resource, set, std::move(object));
    }
  });
}

}  // namespace egress::fleet
