#include "egress/kube/remains.hpp"

#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "egress/kube/managed_fields.hpp"

namespace egress::kube {
namespace {

/// Where below `spec` the kinds that this tool writes say which pods they mean: in a Service and a Gateway,
/// in a policy, in an EnvoyFilter, and in a NetworkPolicy.
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> selectors{{
    {"selector", ""},
    {"selector", "matchLabels"},
    {"workloadSelector", "labels"},
    {"podSelector", "matchLabels"},
}};

/// A key as part of a JSON Pointer (RFC 6901).
std::string pointer_part(const std::string& key) {
  std::string part;
  for (const char one : key) part += one == '~' ? "~0" : one == '/' ? "~1" : std::string(1, one);
  return part;
}

const Json* item_named(const Json& list, const std::string& name) {
  for (const Json& item : list.items())
    if (item["name"].as_string() == name) return &item;
  return nullptr;
}

/// Collects the removals below a path.
void collect(const Json& standing, const Json& applied, const Json& wanted, const std::string& path,
             Json& removals) {
  for (const auto& [key, value] : standing.members()) {
    const Json* owned = applied.find(key);
    if (owned == nullptr) continue;
    const std::string here = path + "/" + pointer_part(key);
    const Json* kept = wanted.find(key);
    if (kept == nullptr && value.is_object())
      removals.push(object({{"op", "remove"}, {"path", here}}));
    else if (kept != nullptr && value.is_object())
      collect(value, *owned, *kept, here, removals);
    if (kept == nullptr || !value.is_array()) continue;
    for (std::size_t i = 0; i < value.items().size(); ++i) {
      const Json& item = value.items()[i];
      const std::string& name = item["name"].as_string();
      const Json* owned_item = item_named(*owned, name);
      const Json* kept_item = item_named(*kept, name);
      if (!name.empty() && owned_item != nullptr && kept_item != nullptr)
        collect(item, *owned_item, *kept_item, here + "/" + std::to_string(i), removals);
    }
  }
}

}  // namespace

Json removal_of_foreign_terms(const Json& standing, const Json& wanted) {
  Json removals{Json::Array{}};
  for (const auto& [outer, inner] : selectors) {
    const Json* terms = &standing["spec"][outer];
    const Json* own = &wanted["spec"][outer];
    std::string path = "/spec/" + std::string(outer);
    if (!inner.empty()) {
      terms = &(*terms)[inner];
      own = &(*own)[inner];
      path += "/" + std::string(inner);
    }
    for (const auto& [term, value] : terms->members())
      if (value.is_string() && own->is_object() && !own->has(term))
        removals.push(object({{"op", "remove"}, {"path", path + "/" + pointer_part(term)}}));
  }
  return removals.items().empty() ? Json() : removals;
}

Json removal_of_remains(const Json& standing, const Json& applied, const Json& wanted) {
  Json removals{Json::Array{}};
  collect(standing["spec"], applied["spec"], wanted["spec"], "/spec", removals);
  return removals.items().empty() ? Json() : removals;
}

Json all_removals(const Json& standing, const Json& wanted, std::string_view manager) {
  Json removals{Json::Array{}};
  const Json own = removal_of_remains(standing, applied_part(standing, manager), wanted);
  const Json foreign = removal_of_foreign_terms(standing, wanted);
  for (const Json* some : {&own, &foreign})
    for (const Json& one : some->items()) removals.push(one);
  return removals.items().empty() ? Json() : removals;
}

}  // namespace egress::kube
