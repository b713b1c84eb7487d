#include "egress/kube/managed_fields.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "egress/base/digest.hpp"
#include "egress/base/error.hpp"

namespace egress::kube {
namespace {

/// The length of the digest of all fields, which the hashes of the single fields follow.
constexpr std::size_t digest_characters = 12;
constexpr std::size_t hash_characters = 4;
constexpr std::array controllers{"kube-controller-manager", "kube-apiserver", "kube-scheduler", "kubelet"};

Json parse_or_null(std::string_view text) {
  try {
    return Json::parse(text);
  } catch (const Error&) {
    return {};
  }
}

/// The list item that "k:{…}", "v:…" or "i:N" identifies; null if there is none.
Json find_item(const Json& list, std::string_view name) {
  const Json key = parse_or_null(name.substr(2));
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

Json owned_part(const Json& value, const Json& fields);

/// The owned items in the order of the list.
Json owned_items(const Json& list, const Json& fields) {
  std::vector<std::pair<std::size_t, Json>> found;
  for (const auto& [name, child] : fields.members()) {
    if (name == ".") continue;
    const Json item = find_item(list, name);
    if (item.is_null()) continue;
    const auto index = std::ranges::find(list.items(), item) - list.items().begin();
    Json part = owned_part(item, child);
    // Keep the fields that identify the item.
    if (name.starts_with("k:"))
      for (const auto& [key, value] : parse_or_null(name.substr(2)).members()) part.edit(key) = value;
    found.emplace_back(static_cast<std::size_t>(index), std::move(part));
  }
  std::ranges::sort(found, {}, [](const auto& entry) { return entry.first; });
  Json items{Json::Array{}};
  for (auto& [index, part] : found) items.push(std::move(part));
  return items;
}

/// The part of a value in a set of fields: the complete value if the set ends here, and only an empty one if
/// nothing but its existence (".") is owned.
Json owned_part(const Json& value, const Json& fields) {
  const auto& names = fields.members();
  const bool has_children = std::ranges::any_of(names, [](const auto& field) { return field.first != "."; });
  if (names.empty()) return value;
  if (!has_children)
    return value.is_array() ? Json(Json::Array{}) : value.is_object() ? Json(Json::Object{}) : value;
  if (value.is_array()) return owned_items(value, fields);
  Json part{Json::Object{}};
  for (const auto& [name, child] : names)
    if (name.starts_with("f:"))
      if (const Json* member = value.find(name.substr(2)))
        part.edit(name.substr(2)) = owned_part(*member, child);
  return part;
}

/// A field name as part of a path: "f:port", "k:{…}", "v:…" and "i:N" (fieldpath/serialize-pe.go).
std::string path_element(const std::string& name) {
  const std::string text = name.substr(2);
  if (name.starts_with("f:")) return "." + text;
  if (name.starts_with("v:")) return "[=" + text + "]";
  if (name.starts_with("i:")) return "[" + text + "]";
  std::string keys;
  for (const auto& [key, value] : parse_or_null(text).members())
    keys += (keys.empty() ? "" : ",") + key + "=" + value.dump();
  return "[" + keys + "]";
}

/// Adds the paths of the fields without children.
void add_paths(const Json& fields, const std::string& path, std::set<std::string>& found) {
  for (const auto& [name, child] : fields.members()) {
    if (name.size() < 2) continue;  // ".": the fields below imply it
    const std::string child_path = path + path_element(name);
    child.members().empty() ? static_cast<void>(found.insert(child_path))
                            : add_paths(child, child_path, found);
  }
}

std::set<std::string> paths_of(const Json& fields) {
  std::set<std::string> found;
  add_paths(fields, "", found);
  return found;
}

/// The fields without those that an autoscaler takes over as intended, and without the marker of a creation.
Json relevant_fields(const Json& fields) {
  Json relevant = fields.sorted();
  if (relevant["f:spec"].has("f:replicas")) relevant.edit("f:spec").erase("f:replicas");
  const std::string only_new = "f:" + std::string(only_new_field);
  if (relevant["f:metadata"].has(only_new)) relevant.edit("f:metadata").erase(only_new);
  return relevant;
}

std::string digest_of(const Json& fields) {
  return hex(sha256(fields.dump())).substr(0, digest_characters);
}

/// A short hash that identifies a field with few collisions (FNV-1a, folded to 16 bits).
std::string hash_of(const std::string& path) {
  std::uint32_t hash = 2166136261U;
  for (const char c : path) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  hash = (hash >> 16U) ^ (hash & 0xffffU);
  std::string field_hash;
  for (const unsigned shift : {12U, 8U, 4U, 0U}) field_hash += "0123456789abcdef"[(hash >> shift) & 0xfU];
  return field_hash;
}

std::set<std::string> hashes_of(std::string_view digest) {
  std::set<std::string> hashes;
  for (std::size_t at = digest_characters; at + hash_characters <= digest.size(); at += hash_characters)
    hashes.emplace(digest.substr(at, hash_characters));
  return hashes;
}

}  // namespace

const Json* applied_fields(const Json& metadata, std::string_view manager) {
  for (const Json& entry : metadata["managedFields"].items())
    if (entry["manager"].as_string() == manager && entry["operation"].as_string() == "Apply" &&
        entry["subresource"].as_string().empty())
      return entry.find("fieldsV1");
  return nullptr;
}

Json applied_configuration(const Json& object, std::string_view manager) {
  const Json* fields = applied_fields(object["metadata"], manager);
  if (fields == nullptr) return {};
  Json part = owned_part(object, *fields);
  part.set("apiVersion", object["apiVersion"]);
  part.set("kind", object["kind"]);
  for (const char* key : {"name", "namespace"}) part.edit("metadata").set(key, object["metadata"][key]);
  part.edit("metadata").erase(only_new_field);
  return part;
}

std::string applied_digest(const Json& metadata, std::string_view manager) {
  const Json* fields = applied_fields(metadata, manager);
  if (fields == nullptr) return {};
  const Json own = relevant_fields(*fields);
  std::string digest = digest_of(own);
  for (const std::string& path : paths_of(own)) digest += hash_of(path);
  return digest;
}

bool matches_applied_digest(const Json& metadata, std::string_view manager, std::string_view digest) {
  const Json* fields = applied_fields(metadata, manager);
  if (fields == nullptr) return digest.empty();
  return digest_of(relevant_fields(*fields)) == digest.substr(0, digest_characters);
}

ManagedFields managed_fields(const Json& metadata) {
  ManagedFields found;
  for (const Json& entry : metadata["managedFields"].items()) {
    if (entry["subresource"].as_string() == "status") continue;
    Json fields = entry["fieldsV1"];
    fields.erase("f:status");
    auto paths = paths_of(fields);
    if (!paths.empty()) found[entry["manager"].as_string()].merge(paths);
  }
  return found;
}

LostFields lost_fields(const Json& metadata, std::string_view manager, std::string_view digest) {
  std::set<std::string> lost = hashes_of(digest);
  if (const Json* fields = applied_fields(metadata, manager))
    for (const std::string& path : paths_of(relevant_fields(*fields))) lost.erase(hash_of(path));
  LostFields result;
  std::set<std::string> reassigned;
  for (const auto& [owner, paths] : managed_fields(metadata))
    for (const std::string& path : paths) {
      const std::string field_hash = hash_of(path);
      if (!lost.contains(field_hash)) continue;
      result.by_manager[owner].insert(path);
      reassigned.insert(field_hash);
    }
  result.unowned = lost.size() - reassigned.size();
  return result;
}

bool is_controller(std::string_view manager) {
  return std::ranges::find(controllers, manager) != controllers.end();
}

}  // namespace egress::kube
