#include "egress/kube/additions.hpp"

#include <algorithm>
#include <array>

#include "egress/kube/json_patch.hpp"
#include "egress/kube/managed_fields.hpp"

namespace egress::kube {
namespace {

using Path = std::vector<std::string>;

/// Where below `spec` the kinds that this tool writes take in what nobody applied.
const std::array<Path, 5>& places() {
  static const std::array<Path, 5> table{{
      // Which pods are meant: by a Service, a Gateway, a policy or a budget; by an EnvoyFilter, a
      // DestinationRule or a ServiceEntry; by a NetworkPolicy.
      {"selector"},
      {"workloadSelector"},
      {"podSelector"},
      // TLS of single ports, which goes before what is said of all: of a PeerAuthentication
      // (pilot/pkg/security/authn/policy_applier.go, GetMutualTLSModeForPort), and of a DestinationRule
      // (pilot/pkg/networking/core/v1alpha3/cluster.go, SelectTrafficPolicyComponents, 1.7.0).
      {"portLevelMtls"},
      {"trafficPolicy", "portLevelSettings"},
  }};
  return table;
}

/// FieldsV1 as a tree of keys; a field that is owned as a whole is `true`.
Json tree_of(const Json& fields) {
  Json tree{Json::Object{}};
  for (const auto& [name, below] : fields.members())
    if (name.starts_with("f:")) tree.edit(name.substr(2)) = tree_of(below);
  return tree.members().empty() ? Json(true) : tree;
}

/// What is named at the places, of the fields of an object.
Json places_in(const Json& fields) {
  Json tree{Json::Object{}};
  for (const Path& place : places()) {
    const Json* there = fields.find("f:spec");
    for (const std::string& key : place) there = there == nullptr ? nullptr : there->find("f:" + key);
    if (there == nullptr) continue;
    Json* into = &tree;
    for (const std::string& key : place) into = &into->edit(key);
    *into = tree_of(*there);
  }
  return tree;
}

const Json* at(const Json& tree, const Path& path) {
  const Json* inside = &tree;
  for (const std::string& key : path)
    if (inside = inside->find(key); inside == nullptr) return nullptr;
  return inside;
}

/// The paths of what is theirs and not kept, each as short as can be.
void compare(const Json& theirs, const Json* kept, Path& path, std::vector<Path>& found) {
  if (kept == nullptr) return found.push_back(path);
  if (!kept->is_object()) return;
  for (const auto& [key, below] : theirs.members()) {
    path.push_back(key);
    compare(below, kept->find(key), path, found);
    path.pop_back();
  }
}

/// Of one manager; both trees are those below `spec`.
void add_of(const std::string& manager, const Json& theirs, const Json& kept, std::vector<Addition>& all) {
  std::vector<Path> found;
  for (const Path& place : places()) {
    const Json* there = at(theirs, place);
    if (there == nullptr) continue;
    Path path{"spec"};
    path.insert(path.end(), place.begin(), place.end());
    compare(*there, at(kept, place), path, found);
  }
  for (Path& path : found) all.push_back({manager, std::move(path)});
}

/// Those of everybody but the manager's, as far as he applied.
std::vector<Addition> beside(const Json& metadata, std::string_view manager, const Json& kept) {
  std::vector<Addition> all;
  const Json* own = applied_fields(metadata, manager);
  for (const Json& entry : metadata["managedFields"].items()) {
    const std::string& who = entry["manager"].as_string();
    const Json* fields = entry.find("fieldsV1");
    if (fields == nullptr || fields == own || is_controller(who)) continue;
    add_of(who, places_in(*fields), kept, all);
  }
  return all;
}

}  // namespace

std::string Addition::field() const {
  std::string text;
  for (const std::string& key : path) text += "." + key;
  return text;
}

std::vector<Addition> additions(const Json& metadata, std::string_view manager) {
  const Json* own = applied_fields(metadata, manager);
  return beside(metadata, manager, own == nullptr ? Json() : places_in(*own));
}

std::vector<Addition> additions(const Json& standing, const Json& wanted, std::string_view manager) {
  std::vector<Addition> all;
  // What was written before the server kept who manages what is somebody's all the same.
  if (standing["metadata"]["managedFields"].items().empty())
    add_of("", standing["spec"], wanted["spec"], all);
  else
    all = beside(standing["metadata"], manager, wanted["spec"]);
  std::erase_if(all, [&](const Addition& one) { return at(standing, one.path) == nullptr; });
  return all;
}

Json removal_of(const std::vector<Addition>& additions) {
  Json patch;
  for (const Addition& one : additions) add(patch, array({removal(one.path)}));
  return patch;
}

}  // namespace egress::kube
