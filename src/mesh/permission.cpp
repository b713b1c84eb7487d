#include "egress/mesh/permission.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "egress/base/text.hpp"

namespace egress::mesh {
namespace {

/// Server-side apply is a patch that may have to create; what is looked at before and taken back after.
constexpr std::array verbs{"get", "create", "patch", "delete"};

/// "deployments.apps", as kubectl's --resource takes it.
std::string resource(const kube::Kind& kind) {
  const std::string plural(kind.plural);
  return kind.group.empty() ? plural : plural + "." + std::string(kind.group);
}

}  // namespace

std::string Permission::text() const {
  return verb + " " + resource(kind) + " in namespace \"" + ns + "\"";
}

std::vector<Permission> needed_permissions(const Plan& plan) {
  std::vector<std::pair<kube::Kind, std::string>> places{{record_resource.kind, plan.record.egress.ns}};
  for (const Object& one : plan.objects) {
    const std::pair place{one.reference.resource.kind, one.reference.ns};
    if (std::ranges::find(places, place) == places.end()) places.push_back(place);
  }
  std::vector<Permission> needed;
  for (const auto& [kind, ns] : places)
    for (const char* verb : verbs) needed.push_back({verb, kind, ns});
  return needed;
}

std::vector<std::string> granting_commands(const std::vector<Permission>& missing) {
  // By namespace and resource the verbs, then by namespace and verbs the resources.
  std::map<std::pair<std::string, std::string>, std::set<std::string>> verbs_of;
  for (const Permission& one : missing) verbs_of[{one.ns, resource(one.kind)}].insert(one.verb);
  std::map<std::pair<std::string, std::string>, std::vector<std::string>> resources_of;
  for (const auto& [place, wanted] : verbs_of) {
    const std::vector<std::string> list(wanted.begin(), wanted.end());
    resources_of[{place.first, join(list, ",")}].push_back(place.second);
  }
  std::vector<std::string> commands;
  for (const auto& [place, resources] : resources_of)
    commands.push_back("kubectl create role egress-gateways-" + std::to_string(commands.size() + 1) + " -n " +
                       place.first + " --verb=" + place.second + " --resource=" + join(resources, ","));
  return commands;
}

}  // namespace egress::mesh
