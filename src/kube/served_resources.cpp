#include "egress/kube/served_resources.hpp"

#include <algorithm>

#include "egress/base/error.hpp"

namespace egress::kube {

ServedResources ServedResources::newest(std::span<const Kind> kinds) {
  ServedResources served;
  for (const Kind& kind : kinds) served.add({kind, std::string(kind.versions.front())});
  return served;
}

ServedResources ServedResources::only(std::span<const Kind> kinds,
                                      std::span<const std::string> group_versions) {
  ServedResources served;
  for (const Kind& kind : kinds)
    for (const std::string_view version : kind.versions) {
      const Resource resource{kind, std::string(version)};
      if (std::ranges::find(group_versions, resource.api_version()) == group_versions.end()) continue;
      served.add(resource);
      break;
    }
  return served;
}

std::optional<Resource> ServedResources::find(const Kind& kind) const {
  const auto found = std::ranges::find(resources_, kind, &Resource::kind);
  return found == resources_.end() ? std::nullopt : std::optional(*found);
}

Resource ServedResources::at(const Kind& kind) const {
  auto resource = find(kind);
  if (!resource) throw Error("the server doesn't have a resource type \"" + std::string(kind.plural) + "\"");
  return *resource;
}

}  // namespace egress::kube
