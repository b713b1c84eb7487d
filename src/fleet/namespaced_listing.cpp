#include "egress/fleet/namespaced_listing.hpp"

namespace egress::fleet {
namespace {

constexpr int forbidden = 403;
/// Beyond that one list of the whole cluster is the smaller effort.
constexpr std::size_t most_namespaces = 4;

/// The listings, and the request that each of them belongs to.
struct Lists {
  std::vector<kube::Listing> listings;
  std::vector<const NamespacedListing*> of;

  void add(const NamespacedListing& one, const std::string& ns) {
    listings.push_back(one.listing);
    listings.back().ns = ns;
    of.push_back(&one);
  }
  void add_each(const NamespacedListing& one) {
    for (const std::string& ns : one.namespaces) add(one, ns);
  }
};

}  // namespace

void list_in_namespaces(kube::Cluster& cluster, const std::vector<NamespacedListing>& wanted,
                        const OnNamespacedPage& take) {
  Lists lists;
  for (const NamespacedListing& one : wanted)
    if (one.namespaces.size() > most_namespaces)
      lists.add(one, "");
    else
      lists.add_each(one);
  while (!lists.listings.empty()) {
    Lists instead;
    kube::list_all(cluster, lists.listings, [&](std::size_t at, kube::Page page) {
      const NamespacedListing& one = *lists.of[at];
      const bool too_much = lists.listings[at].ns.empty() && one.namespaces != all_namespaces;
      if (too_much && page.error && page.error->status() == forbidden) return instead.add_each(one);
      if (too_much)
        std::erase_if(page.objects, [&](const Json& object) {
          return !one.namespaces.contains(object["metadata"]["namespace"].as_string());
        });
      take(lists.listings[at], std::move(page));
    });
    lists = std::move(instead);
  }
}

}  // namespace egress::fleet
