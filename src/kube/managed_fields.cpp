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

/// Of all fields together; behind them are those of each.
constexpr std::size_t digest_characters = 12;
constexpr std::size_t mark_characters = 4;
constexpr std::array controllers{"kube-controller-manager", "kube-apiserver", "kube-scheduler", "kubelet"};

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

/// A field's name as part of a path: "f:port", "k:{…}", "v:…" and "i:N" (fieldpath/serialize-pe.go).
std::string path_part(const std::string& name) {
  const std::string text = name.substr(2);
  if (name.starts_with("f:")) return "." + text;
  if (name.starts_with("v:")) return "[=" + text + "]";
  if (name.starts_with("i:")) return "[" + text + "]";
  std::string keys;
  for (const auto& [key, value] : parsed(text).members())
    keys += (keys.empty() ? "" : ",") + key + "=" + value.dump();
  return "[" + keys + "]";
}

/// The paths of those below which nothing is named.
void add_paths(const Json& fields, const std::string& path, std::set<std::string>& found) {
  for (const auto& [name, below] : fields.members()) {
    if (name.size() < 2) continue;  // "." is there wherever something below is, too
    const std::string here = path + path_part(name);
    below.members().empty() ? static_cast<void>(found.insert(here)) : add_paths(below, here, found);
  }
}

std::set<std::string> paths_of(const Json& fields) {
  std::set<std::string> found;
  add_paths(fields, "", found);
  return found;
}

/// Without what others take over as they should (an autoscaler), and what is only asked of a new object.
Json counted(const Json& fields) {
  Json counted = fields.sorted();
  if (counted["f:spec"].has("f:replicas")) counted.edit("f:spec").erase("f:replicas");
  const std::string only_new = "f:" + std::string(only_new_field);
  if (counted["f:metadata"].has(only_new)) counted.edit("f:metadata").erase(only_new);
  return counted;
}

std::string digest_of(const Json& counted) {
  return hex(sha256(counted.dump())).substr(0, digest_characters);
}

/// By which a field is known again, mostly (FNV-1a, folded to 16 bits).
std::string mark_of(const std::string& path) {
  std::uint32_t hash = 2166136261U;
  for (const char one : path) hash = (hash ^ static_cast<unsigned char>(one)) * 16777619U;
  hash = (hash >> 16U) ^ (hash & 0xffffU);
  std::string mark;
  for (const unsigned shift : {12U, 8U, 4U, 0U}) mark += "0123456789abcdef"[(hash >> shift) & 0xfU];
  return mark;
}

std::set<std::string> marks_of(std::string_view digest) {
  std::set<std::string> marks;
  for (std::size_t at = digest_characters; at + mark_characters <= digest.size(); at += mark_characters)
    marks.emplace(digest.substr(at, mark_characters));
  return marks;
}

}  // namespace

const Json* applied_fields(const Json& metadata, std::string_view manager) {
  for (const Json& entry : metadata["managedFields"].items())
    if (entry["manager"].as_string() == manager && entry["operation"].as_string() == "Apply" &&
        entry["subresource"].as_string().empty())
      return entry.find("fieldsV1");
  return nullptr;
}

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
  const Json own = counted(*fields);
  std::string digest = digest_of(own);
  for (const std::string& path : paths_of(own)) digest += mark_of(path);
  return digest;
}

bool is_as_applied(const Json& metadata, std::string_view manager, std::string_view digest) {
  const Json* fields = applied_fields(metadata, manager);
  if (fields == nullptr) return digest.empty();
  return digest_of(counted(*fields)) == digest.substr(0, digest_characters);
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

Losses losses(const Json& metadata, std::string_view manager, std::string_view digest) {
  std::set<std::string> lost = marks_of(digest);
  if (const Json* fields = applied_fields(metadata, manager))
    for (const std::string& path : paths_of(counted(*fields))) lost.erase(mark_of(path));
  Losses losses;
  std::set<std::string> found;
  for (const auto& [who, paths] : managed_fields(metadata))
    for (const std::string& path : paths) {
      const std::string mark = mark_of(path);
      if (!lost.contains(mark)) continue;
      losses.taken[who].insert(path);
      found.insert(mark);
    }
  losses.gone = lost.size() - found.size();
  return losses;
}

bool is_controller(std::string_view manager) {
  return std::ranges::find(controllers, manager) != controllers.end();
}

}  // namespace egress::kube
