#include "egress/kube/discovery.hpp"

#include <algorithm>
#include <utility>

namespace egress::kube {
namespace {

using GroupVersion = std::pair<std::string_view, std::string_view>;

/// The group versions to request, without duplicates.
std::vector<GroupVersion> candidates(std::span<const Kind> kinds) {
  std::vector<GroupVersion> found;
  for (const Kind& kind : kinds) {
    const bool has_one_version = kind.versions[1].empty();
    for (const std::string_view version : kind.versions) {
      const GroupVersion group_version{kind.group, version};
      if (!has_one_version && !version.empty() && std::ranges::find(found, group_version) == found.end())
        found.push_back(group_version);
    }
  }
  return found;
}

bool lists(const Json& resource_list, const Kind& kind) {
  return std::ranges::any_of(resource_list["resources"].items(), [&](const Json& resource) {
    return resource["name"].as_string() == kind.plural;
  });
}

}  // namespace

std::vector<Call> discovery_calls(std::span<const Kind> kinds) {
  std::vector<Call> calls;
  for (const auto& [group, version] : candidates(kinds)) calls.push_back(discover(group, version));
  return calls;
}

ServedResources read_discovery(std::span<const Kind> kinds, std::span<const Answer> answers) {
  const auto group_versions = candidates(kinds);
  auto is_served = [&](const Kind& kind, std::string_view version) {
    const auto found = std::ranges::find(group_versions, GroupVersion{kind.group, version});
    if (found == group_versions.end()) return true;
    const Answer& answer = answers[static_cast<std::size_t>(found - group_versions.begin())];
    return !answer.not_found() && lists(answer.value(), kind);
  };
  ServedResources served;
  for (const Kind& kind : kinds) {
    const auto version = std::ranges::find_if(kind.versions, [&](std::string_view candidate) {
      return !candidate.empty() && is_served(kind, candidate);
    });
    if (version != kind.versions.end()) served.add({kind, std::string(*version)});
  }
  return served;
}

}  // namespace egress::kube
