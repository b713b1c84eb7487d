#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "egress/base/json.hpp"

namespace egress::mesh {

/// True where the labels hold every member of a plain selector; an empty one selects everything.
inline bool selects(const Json& selector, const Json& labels) {
  for (const auto& [key, value] : selector.members())
    if (labels[key] != value) return false;
  return true;
}

/// Objects found by the pods that their plain selector selects. They must outlive it and stay where they are.
template <typename T>
class LabelIndex {
 public:
  void add(const Json& selector, const T& object) {
    const auto& members = selector.members();
    if (members.empty())
      for_all_.push_back(&object);
    else
      by_label_[term(members.front().first, members.front().second)].push_back({&selector, &object});
  }

  /// Those that select a pod with such labels.
  std::vector<const T*> selecting(const Json& labels) const {
    std::vector<const T*> found = for_all_;
    for (const auto& [key, value] : labels.members()) {
      const auto at = by_label_.find(term(key, value));
      if (at == by_label_.end()) continue;
      for (const Selected& one : at->second)
        if (selects(*one.selector, labels)) found.push_back(one.object);
    }
    return found;
  }

 private:
  struct Selected {
    const Json* selector;
    const T* object;
  };

  static std::string term(const std::string& key, const Json& value) { return key + "=" + value.as_string(); }

  /// Under one of its terms, for all of them must be met.
  std::unordered_map<std::string, std::vector<Selected>> by_label_;
  std::vector<const T*> for_all_;
};

}  // namespace egress::mesh
