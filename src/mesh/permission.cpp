#include "egress/mesh/permission.hpp"

#include <array>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "egress/base/text.hpp"

namespace egress::mesh {
namespace {

/// "deployments.apps", as kubectl's --resource takes it.
std::string resource(const kube::Kind& kind) {
  const std::string plural(kind.plural);
  return kind.group.empty() ? plural : plural + "." + std::string(kind.group);
}

/// Server-side apply is a patch that may have to create; what is looked at before and taken back after.
constexpr std::array writing{"get", "create", "patch", "delete"};
/// A record says that its gateway is going before it goes.
constexpr std::array removing_record{"get", "patch", "delete"};
constexpr std::array removing{"get", "delete"};

/// Each permission once, in the order in which they come up.
class Needed {
 public:
  void add(std::span<const char* const> verbs, const kube::Kind& kind, const std::string& ns) {
    for (const char* verb : verbs)
      if (seen_.insert({verb, resource(kind), ns}).second) all_.push_back({verb, kind, ns});
  }
  void add(std::span<const char* const> verbs, const Reference& one) {
    add(verbs, one.resource.kind, one.ns);
  }
  std::vector<Permission> all() && { return std::move(all_); }

 private:
  std::set<std::tuple<std::string, std::string, std::string>> seen_;
  std::vector<Permission> all_;
};

}  // namespace

std::string Permission::text() const {
  return verb + " " + resource(kind) + (ns.empty() ? "" : " in namespace \"" + ns + "\"");
}

Cause Permission::missing() const {
  return {reason::forbidden, "you may not " + text(), verb, resource(kind), ns};
}

Permission namespace_permission() {
  return {"create", kube::kinds::namespaces, ""};
}

std::vector<Permission> needed_permissions(const Plan& plan,
                                           const std::function<bool(const Reference&)>& is_taken) {
  Needed needed;
  needed.add(writing, record_resource.kind, plan.record.egress.ns);
  for (const Object& one : plan.objects) {
    needed.add(writing, one.reference);
    if (is_taken(one.reference)) needed.add(std::array{"update"}, one.reference);
  }
  for (const Reference& one : plan.no_longer_needed()) needed.add(removing, one);
  return std::move(needed).all();
}

std::vector<Permission> removal_permissions(std::span<const Record> records) {
  Needed needed;
  for (const Record& record : records) {
    needed.add(removing_record, record_resource.kind, record.egress.ns);
    for (const Reference& one : record.members)
      if (!one.resource.version.empty()) needed.add(removing, one);
  }
  return std::move(needed).all();
}

std::vector<Permission> granted_permissions(const Json& role, const std::string& ns) {
  std::vector<Permission> granted;
  for (const Json& rule : role["rules"].items())
    for (const Json& plural : rule["resources"].items())
      for (const kube::Kind& kind : all_kinds())
        if (kind.plural == plural.as_string())
          for (const Json& verb : rule["verbs"].items()) granted.push_back({verb.as_string(), kind, ns});
  return granted;
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
  for (const auto& [place, resources] : resources_of) {
    const std::string name = "egress-gateways-" + std::to_string(commands.size() + 1);
    const std::string role =
        place.first.empty() ? "clusterrole " + name : "role " + name + " -n " + place.first;
    commands.push_back("kubectl create " + role + " --verb=" + place.second +
                       " --resource=" + join(resources, ","));
  }
  return commands;
}

}  // namespace egress::mesh
