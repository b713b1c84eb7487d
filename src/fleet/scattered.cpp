#include "egress/fleet/scattered.hpp"

namespace egress::fleet {
namespace {

constexpr int forbidden = 403;
/// Beyond that one list of the whole cluster is the smaller effort.
constexpr std::size_t most_namespaces = 4;

/// Listings, and of which of what is wanted each is.
struct Lists {
  std::vector<kube::Listing> listings;
  std::vector<const Scattered*> of;

  void add(const Scattered& one, const std::string& ns) {
    listings.push_back(one.listing);
    listings.back().ns = ns;
    of.push_back(&one);
  }
  void add_each(const Scattered& one) {
    for (const std::string& ns : one.namespaces) add(one, ns);
  }
};

}  // namespace

void list_scattered(kube::Cluster& cluster, const std::vector<Scattered>& wanted, const TakeScattered& take) {
  Lists lists;
  for (const Scattered& one : wanted)
    if (one.namespaces.size() > most_namespaces)
      lists.add(one, "");
    else
      lists.add_each(one);
  while (!lists.listings.empty()) {
    Lists instead;
    kube::list_all(cluster, lists.listings, [&](std::size_t at, kube::Page page) {
      const Scattered& one = *lists.of[at];
      const bool too_much = lists.listings[at].ns.empty() && one.namespaces != every_namespace;
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
