#include "egress/kube/discovery.hpp"

#include <algorithm>
#include <utility>

namespace egress::kube {
namespace {

using GroupVersion = std::pair<std::string_view, std::string_view>;

/// Every group and version to ask for, each once.
std::vector<GroupVersion> candidates(std::span<const Kind> kinds) {
  std::vector<GroupVersion> found;
  for (const Kind& kind : kinds) {
    const bool one_version = kind.versions[1].empty();
    for (const std::string_view version : kind.versions) {
      const GroupVersion one{kind.group, version};
      if (!one_version && !version.empty() && std::ranges::find(found, one) == found.end())
        found.push_back(one);
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

std::vector<Call> discovery(std::span<const Kind> kinds) {
  std::vector<Call> calls;
  for (const auto& [group, version] : candidates(kinds)) calls.push_back(discover(group, version));
  return calls;
}

Served read_discovery(std::span<const Kind> kinds, std::span<const Answer> answers) {
  const auto asked = candidates(kinds);
  auto is_served = [&](const Kind& kind, std::string_view version) {
    const auto at = std::ranges::find(asked, GroupVersion{kind.group, version});
    if (at == asked.end()) return true;
    const Answer& answer = answers[static_cast<std::size_t>(at - asked.begin())];
    return !answer.not_found() && lists(answer.value(), kind);
  };
  Served served;
  for (const Kind& kind : kinds) {
    const auto version = std::ranges::find_if(
        kind.versions, [&](std::string_view one) { return !one.empty() && is_served(kind, one); });
    if (version != kind.versions.end()) served.add({kind, std::string(*version)});
  }
  return served;
}

}  // namespace egress::kube
