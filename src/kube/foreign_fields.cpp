#include "egress/kube/foreign_fields.hpp"

#include <algorithm>
#include <array>

#include "egress/kube/json_patch.hpp"
#include "egress/kube/managed_fields.hpp"

namespace egress::kube {
namespace {

using Path = std::vector<std::string>;

/// The maps below `spec` in which additional fields change the effect of the kinds that this tool writes.
const std::array<Path, 5>& selecting_paths() {
  static const std::array<Path, 5> table{{
      // The selected pods: "selector" of a Service, a Gateway, a policy of security.istio.io or a
      // PodDisruptionBudget; "workloadSelector" of an EnvoyFilter, a DestinationRule or a ServiceEntry;
      // "podSelector" of a NetworkPolicy.
      {"selector"},
      {"workloadSelector"},
      {"podSelector"},
      // TLS of single ports, which overrides the TLS of all ports: of a PeerAuthentication
      // (pilot/pkg/security/authn/policy_applier.go, GetMutualTLSModeForPort), and of a DestinationRule
      // (pilot/pkg/networking/core/v1alpha3/cluster.go, SelectTrafficPolicyComponents, 1.7.0).
      {"portLevelMtls"},
      {"trafficPolicy", "portLevelSettings"},
  }};
  return table;
}

/// FieldsV1 as a tree of keys; a field that is owned completely is `true`.
Json key_tree(const Json& fields) {
  Json tree{Json::Object{}};
  for (const auto& [name, child] : fields.members())
    if (name.starts_with("f:")) tree.edit(name.substr(2)) = key_tree(child);
  return tree.members().empty() ? Json(true) : tree;
}

/// The fields of an object at the selecting paths.
Json selecting_fields(const Json& fields) {
  Json tree{Json::Object{}};
  for (const Path& path : selecting_paths()) {
    const Json* node = fields.find("f:spec");
    for (const std::string& key : path) node = node == nullptr ? nullptr : node->find("f:" + key);
    if (node == nullptr) continue;
    Json* target = &tree;
    for (const std::string& key : path) target = &target->edit(key);
    *target = key_tree(*node);
  }
  return tree;
}

const Json* find_at(const Json& tree, const Path& path) {
  const Json* node = &tree;
  for (const std::string& key : path)
    if (node = node->find(key); node == nullptr) return nullptr;
  return node;
}

/// Collects the shortest paths of fields that are foreign and not desired.
void collect_foreign(const Json& foreign, const Json* desired, Path& path, std::vector<Path>& found) {
  if (desired == nullptr) return found.push_back(path);
  if (!desired->is_object()) return;
  for (const auto& [key, child] : foreign.members()) {
    path.push_back(key);
    collect_foreign(child, desired->find(key), path, found);
    path.pop_back();
  }
}

/// Adds the foreign fields of one manager; both trees start below `spec`.
void add_foreign_fields(const std::string& manager, const Json& foreign, const Json& desired,
                        std::vector<ForeignField>& all) {
  std::vector<Path> found;
  for (const Path& path : selecting_paths()) {
    const Json* node = find_at(foreign, path);
    if (node == nullptr) continue;
    Path full_path{"spec"};
    full_path.insert(full_path.end(), path.begin(), path.end());
    collect_foreign(*node, find_at(desired, path), full_path, found);
  }
  for (Path& found_path : found) all.push_back({manager, std::move(found_path)});
}

/// The foreign fields of all managers, without those that `manager` applied.
std::vector<ForeignField> not_owned_by(const Json& metadata, std::string_view manager, const Json& desired) {
  std::vector<ForeignField> all;
  const Json* own_fields = applied_fields(metadata, manager);
  for (const Json& entry : metadata["managedFields"].items()) {
    const std::string& owner = entry["manager"].as_string();
    const Json* fields = entry.find("fieldsV1");
    if (fields == nullptr || fields == own_fields || is_controller(owner)) continue;
    add_foreign_fields(owner, selecting_fields(*fields), desired, all);
  }
  return all;
}

}  // namespace

std::string ForeignField::dotted_path() const {
  std::string text;
  for (const std::string& key : path) text += "." + key;
  return text;
}

std::vector<ForeignField> foreign_fields(const Json& metadata, std::string_view manager) {
  const Json* own_fields = applied_fields(metadata, manager);
  return not_owned_by(metadata, manager, own_fields == nullptr ? Json() : selecting_fields(*own_fields));
}

std::vector<ForeignField> foreign_fields(const Json& live, const Json& desired, std::string_view manager) {
  std::vector<ForeignField> all;
  // Without managedFields, as from an old server, every field that is not desired is foreign.
  if (live["metadata"]["managedFields"].items().empty())
    add_foreign_fields("", live["spec"], desired["spec"], all);
  else
    all = not_owned_by(live["metadata"], manager, desired["spec"]);
  std::erase_if(all, [&](const ForeignField& field) { return find_at(live, field.path) == nullptr; });
  return all;
}

Json foreign_field_removals(const std::vector<ForeignField>& fields) {
  Json patch;
  for (const ForeignField& field : fields) append_operations(patch, array({remove_operation(field.path)}));
  return patch;
}

}  // namespace egress::kube
