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

/// Server-side apply is a patch that may create the object. It is read before, and rollback may delete it.
constexpr std::array write_verbs{"get", "create", "patch", "delete"};
/// Before a deletion the operation is written to the record.
constexpr std::array record_delete_verbs{"get", "patch", "delete"};
constexpr std::array delete_verbs{"get", "delete"};

/// Permissions without duplicates, in the order in which they are added.
class PermissionSet {
 public:
  void add(std::span<const char* const> verbs, const kube::Kind& kind, const std::string& ns) {
    for (const char* verb : verbs)
      if (seen_.insert({verb, resource(kind), ns}).second) list_.push_back({verb, kind, ns});
  }
  void add(std::span<const char* const> verbs, const Reference& reference) {
    add(verbs, reference.resource.kind, reference.ns);
  }
  std::vector<Permission> list() && { return std::move(list_); }

 private:
  std::set<std::tuple<std::string, std::string, std::string>> seen_;
  std::vector<Permission> list_;
};

}  // namespace

std::string Permission::text() const {
  return verb + " " + resource(kind) + (ns.empty() ? "" : " in namespace/" + ns);
}

Cause Permission::denied() const {
  return {reason::forbidden, "you are not allowed to " + text(), verb, resource(kind), ns};
}

Permission namespace_permission() {
  return {"create", kube::kinds::namespaces, ""};
}

std::vector<Permission> required_permissions(const Plan& plan,
                                             const std::function<bool(const Reference&)>& takes_ownership) {
  PermissionSet permissions;
  permissions.add(write_verbs, record_resource.kind, plan.record.egress.ns);
  for (const Object& object : plan.objects) {
    permissions.add(write_verbs, object.reference);
    if (takes_ownership(object.reference)) permissions.add(std::array{"update"}, object.reference);
  }
  for (const Reference& member : plan.obsolete_members()) permissions.add(delete_verbs, member);
  return std::move(permissions).list();
}

std::vector<Permission> deletion_permissions(std::span<const Record> records) {
  PermissionSet permissions;
  for (const Record& record : records) {
    permissions.add(record_delete_verbs, record_resource.kind, record.egress.ns);
    for (const Reference& member : record.members)
      if (!member.resource.version.empty()) permissions.add(delete_verbs, member);
  }
  return std::move(permissions).list();
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

std::vector<std::string> grant_commands(const std::vector<Permission>& missing) {
  // Groups verbs by namespace and resource, and then resources by namespace and verbs.
  std::map<std::pair<std::string, std::string>, std::set<std::string>> verbs_of;
  for (const Permission& permission : missing)
    verbs_of[{permission.ns, resource(permission.kind)}].insert(permission.verb);
  std::map<std::pair<std::string, std::string>, std::vector<std::string>> resources_of;
  for (const auto& [key, verbs] : verbs_of) {
    const std::vector<std::string> list(verbs.begin(), verbs.end());
    resources_of[{key.first, join(list, ",")}].push_back(key.second);
  }
  std::vector<std::string> commands;
  for (const auto& [key, resources] : resources_of) {
    const std::string name = "egress-gateways-" + std::to_string(commands.size() + 1);
    const std::string role = key.first.empty() ? "clusterrole " + name : "role " + name + " -n " + key.first;
    commands.push_back("kubectl create " + role + " --verb=" + key.second +
                       " --resource=" + join(resources, ","));
  }
  return commands;
}

}  // namespace egress::mesh
