#include "egress/kube/remains.hpp"

#include <string>
#include <vector>

#include "egress/kube/additions.hpp"
#include "egress/kube/json_patch.hpp"
#include "egress/kube/managed_fields.hpp"

namespace egress::kube {
namespace {

const Json* item_named(const Json& list, const std::string& name) {
  for (const Json& item : list.items())
    if (item["name"].as_string() == name) return &item;
  return nullptr;
}

/// Collects the removals below a path.
void collect(const Json& standing, const Json& applied, const Json& wanted,
             const std::vector<std::string>& path, Json& removals) {
  for (const auto& [key, value] : standing.members()) {
    const Json* owned = applied.find(key);
    if (owned == nullptr) continue;
    std::vector<std::string> here = path;
    here.push_back(key);
    const Json* kept = wanted.find(key);
    if (kept == nullptr && value.is_object())
      removals.push(removal(here));
    else if (kept != nullptr && value.is_object())
      collect(value, *owned, *kept, here, removals);
    if (kept == nullptr || !value.is_array()) continue;
    for (std::size_t i = 0; i < value.items().size(); ++i) {
      const Json& item = value.items()[i];
      const std::string& name = item["name"].as_string();
      const Json* owned_item = item_named(*owned, name);
      const Json* kept_item = item_named(*kept, name);
      if (name.empty() || owned_item == nullptr || kept_item == nullptr) continue;
      std::vector<std::string> inside = here;
      inside.push_back(std::to_string(i));
      collect(item, *owned_item, *kept_item, inside, removals);
    }
  }
}

}  // namespace

Json removal_of_remains(const Json& standing, const Json& applied, const Json& wanted) {
  Json removals;
  collect(standing["spec"], applied["spec"], wanted["spec"], {"spec"}, removals);
  return removals;
}

Json all_removals(const Json& standing, const Json& wanted, std::string_view manager) {
  Json removals = removal_of_remains(standing, applied_part(standing, manager), wanted);
  add(removals, removal_of(additions(standing, wanted, manager)));
  return removals;
}

}  // namespace egress::kube
