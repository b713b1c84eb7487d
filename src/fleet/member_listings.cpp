#include "egress/fleet/member_listings.hpp"

#include <utility>

namespace egress::fleet {
namespace {

/// Of all other kinds it is enough to know that they are there.
bool needs_whole(const kube::Kind& kind) {
  return kind == kube::kinds::deployment || kind == kube::kinds::config_map;
}

}  // namespace

std::vector<kube::Listing> member_listings(std::span<const kube::Kind> kinds,
                                           const kube::ServedResources& served, const std::string& ns,
                                           const std::string& labels, int page) {
  std::vector<kube::Listing> made;
  for (const kube::Kind& kind : kinds)
    if (const auto resource = served.find(kind))
      made.push_back(
          {*resource, ns, {.label_selector = labels, .limit = page, .metadata_only = !needs_whole(kind)}});
  return made;
}

void resolve_member_versions(mesh::Record& record, const kube::ServedResources& served) {
  for (mesh::Reference& member : record.members)
    if (auto resource = served.find(member.resource.kind)) member.resource = std::move(*resource);
}

}  // namespace egress::fleet
