#include "egress/kube/leftovers.hpp"

#include <string>
#include <vector>

#include "egress/kube/foreign_fields.hpp"
#include "egress/kube/json_patch.hpp"
#include "egress/kube/managed_fields.hpp"

namespace egress::kube {
namespace {

const Json* find_item(const Json& list, const std::string& name) {
  for (const Json& item : list.items())
    if (item["name"].as_string() == name) return &item;
  return nullptr;
}

/// Collects the removals below `path`.
void collect_removals(const Json& live, const Json& applied, const Json& desired,
                      const std::vector<std::string>& path, Json& removals) {
  for (const auto& [key, value] : live.members()) {
    const Json* applied_value = applied.find(key);
    if (applied_value == nullptr) continue;
    std::vector<std::string> field_path = path;
    field_path.push_back(key);
    const Json* desired_value = desired.find(key);
    if (desired_value == nullptr && value.is_object())
      removals.push(remove_operation(field_path));
    else if (desired_value != nullptr && value.is_object())
      collect_removals(value, *applied_value, *desired_value, field_path, removals);
    if (desired_value == nullptr || !value.is_array()) continue;
    for (std::size_t i = 0; i < value.items().size(); ++i) {
      const Json& item = value.items()[i];
      const std::string& name = item["name"].as_string();
      const Json* applied_item = find_item(*applied_value, name);
      const Json* desired_item = find_item(*desired_value, name);
      if (name.empty() || applied_item == nullptr || desired_item == nullptr) continue;
      std::vector<std::string> item_path = field_path;
      item_path.push_back(std::to_string(i));
      collect_removals(item, *applied_item, *desired_item, item_path, removals);
    }
  }
}

}  // namespace

Json leftover_removals(const Json& live, const Json& applied, const Json& desired) {
  Json removals;
  collect_removals(live["spec"], applied["spec"], desired["spec"], {"spec"}, removals);
  return removals;
}

Json all_removals(const Json& live, const Json& desired, std::string_view manager) {
  Json removals = leftover_removals(live, applied_configuration(live, manager), desired);
  append_operations(removals, foreign_field_removals(foreign_fields(live, desired, manager)));
  return removals;
}

}  // namespace egress::kube
