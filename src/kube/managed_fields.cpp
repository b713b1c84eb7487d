#include "egress/kube/managed_fields.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "egress/base/digest.hpp"
#include "egress/base/error.hpp"

namespace egress::kube {
namespace {

constexpr std::size_t digest_characters = 12;
/// They fill in what objects leave to them: replicas, tokens, allocated addresses.
constexpr std::array controllers{"kube-controller-manager", "kube-apiserver", "kube-scheduler", "kubelet"};

const Json* applied_fields(const Json& metadata, std::string_view manager) {
  for (const Json& entry : metadata["managedFields"].items())
    if (entry["manager"].as_string() == manager && entry["operation"].as_string() == "Apply" &&
        entry["subresource"].as_string().empty())
      return entry.find("fieldsV1");
  return nullptr;
}

Json parsed(std::string_view text) {
  try {
    return Json::parse(text);
  } catch (const Error&) {
    return {};
  }
}

/// The item of a list that "k:{…}", "v:…" or "i:N" names; null where none does.
Json named_item(const Json& list, std::string_view name) {
  const Json key = parsed(name.substr(2));
  const auto& items = list.items();
  if (name.starts_with("i:")) {
    const auto at = static_cast<std::size_t>(key.as_integer());
    return at < items.size() ? items[at] : Json();
  }
  for (const Json& item : items) {
    if (name.starts_with("v:") && item == key) return item;
    const auto& parts = key.members();
    if (name.starts_with("k:") &&
        std::ranges::all_of(parts, [&](const auto& part) { return item[part.first] == part.second; }))
      return item;
  }
  return {};
}

Json owned(const Json& value, const Json& fields);

/// The owned items, in the order in which they stand.
Json owned_items(const Json& list, const Json& fields) {
  std::vector<std::pair<std::size_t, Json>> found;
  for (const auto& [name, below] : fields.members()) {
    if (name == ".") continue;
    const Json item = named_item(list, name);
    if (item.is_null()) continue;
    const auto at = std::ranges::find(list.items(), item) - list.items().begin();
    Json part = owned(item, below);
    // What tells it from its siblings goes with it.
    if (name.starts_with("k:"))
      for (const auto& [key, value] : parsed(name.substr(2)).members()) part.edit(key) = value;
    found.emplace_back(static_cast<std::size_t>(at), std::move(part));
  }
  std::ranges::sort(found, {}, [](const auto& one) { return one.first; });
  Json items{Json::Array{}};
  for (auto& [at, part] : found) items.push(std::move(part));
  return items;
}

/// The part of a value that a set of fields names: all of it where the set ends here, and nothing but that it
/// is there where only that is owned (".").
Json owned(const Json& value, const Json& fields) {
  const auto& named = fields.members();
  const bool inner = std::ranges::any_of(named, [](const auto& one) { return one.first != "."; });
  if (named.empty()) return value;
  if (!inner)
    return value.is_array() ? Json(Json::Array{}) : value.is_object() ? Json(Json::Object{}) : value;
  if (value.is_array()) return owned_items(value, fields);
  Json part{Json::Object{}};
  for (const auto& [name, below] : named)
    if (name.starts_with("f:"))
      if (const Json* inside = value.find(name.substr(2))) part.edit(name.substr(2)) = owned(*inside, below);
  return part;
}

/// The paths of the fields of selectors, "/f:selector/f:app" say.
void add_terms(const Json& fields, const std::string& path, std::set<std::string>& found) {
  for (const auto& [name, below] : fields.members()) {
    if (name == ".") continue;
    if (below.members().empty()) found.insert(path + "/" + name);
    add_terms(below, path + "/" + name, found);
  }
}

std::set<std::string> terms(const Json& fields) {
  std::set<std::string> found;
  for (const char* selector : {"f:selector", "f:workloadSelector", "f:podSelector"})
    add_terms(fields["f:spec"][selector], selector, found);
  return found;
}

bool is_controller(const std::string& manager) {
  return std::ranges::find(controllers, manager) != controllers.end();
}

/// "spec.selector" for each field at the second level: near enough to tell people of.
void add_fields(const std::string& manager, const Json& fields, std::vector<Meddling>& found) {
  for (const auto& [name, below] : fields.members()) {
    if (!name.starts_with("f:") || name == "f:metadata" || name == "f:status") continue;
    const std::string outer = name.substr(2);
    bool inner = false;
    for (const auto& [second, rest] : below.members()) {
      if (!second.starts_with("f:")) continue;
      found.push_back({manager, outer + "." + second.substr(2)});
      inner = true;
    }
    if (!inner) found.push_back({manager, outer});
  }
}

}  // namespace

Json applied_part(const Json& object, std::string_view manager) {
  const Json* fields = applied_fields(object["metadata"], manager);
  if (fields == nullptr) return {};
  Json part = owned(object, *fields);
  part.set("apiVersion", object["apiVersion"]);
  part.set("kind", object["kind"]);
  for (const char* key : {"name", "namespace"}) part.edit("metadata").set(key, object["metadata"][key]);
  part.edit("metadata").erase(only_new_field);
  return part;
}

std::string applied_digest(const Json& metadata, std::string_view manager) {
  const Json* fields = applied_fields(metadata, manager);
  if (fields == nullptr) return {};
  Json counted = fields->sorted();
  // An autoscaler takes this field over, as it should.
  if (counted["f:spec"].has("f:replicas")) counted.edit("f:spec").erase("f:replicas");
  const std::string only_new = "f:" + std::string(only_new_field);
  if (counted["f:metadata"].has(only_new)) counted.edit("f:metadata").erase(only_new);
  return hex(sha256(counted.dump())).substr(0, digest_characters);
}

std::vector<Meddling> meddled_fields(const Json& metadata, std::string_view manager) {
  std::vector<Meddling> found;
  for (const Json& entry : metadata["managedFields"].items()) {
    const std::string& who = entry["manager"].as_string();
    if (who == manager || is_controller(who)) continue;
    if (entry["subresource"].as_string().empty()) add_fields(who, entry["fieldsV1"], found);
  }
  return found;
}

bool others_select(const Json& metadata, std::string_view manager) {
  const Json* fields = applied_fields(metadata, manager);
  if (fields == nullptr) return false;
  const std::set<std::string> own = terms(*fields);
  return std::ranges::any_of(metadata["managedFields"].items(), [&](const Json& entry) {
    const std::string& who = entry["manager"].as_string();
    return who != manager && !is_controller(who) && !std::ranges::includes(own, terms(entry["fieldsV1"]));
  });
}

}  // namespace egress::kube
