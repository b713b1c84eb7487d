#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "egress/base/json.hpp"

namespace egress::mesh {

/// True if the labels have every member of an equality-based selector; an empty one selects everything.
inline bool selects(const Json& selector, const Json& labels) {
  for (const auto& [key, value] : selector.members())
    if (labels[key] != value) return false;
  return true;
}

/// An index of objects by their equality-based selector. The objects must outlive it and not move.
template <typename T>
class LabelIndex {
 public:
  void add(const Json& selector, const T& object) {
    const auto& members = selector.members();
    if (members.empty())
      select_all_.push_back(&object);
    else
      by_label_[term(members.front().first, members.front().second)].push_back({&selector, &object});
  }

  /// Objects that select a pod with these labels.
  std::vector<const T*> matches(const Json& labels) const {
    std::vector<const T*> result = select_all_;
    for (const auto& [key, value] : labels.members()) {
      const auto at = by_label_.find(term(key, value));
      if (at == by_label_.end()) continue;
      for (const Entry& entry : at->second)
        if (selects(*entry.selector, labels)) result.push_back(entry.object);
    }
    return result;
  }

 private:
  struct Entry {
    const Json* selector;
    const T* object;
  };

  static std::string term(const std::string& key, const Json& value) { return key + "=" + value.as_string(); }

  /// By the first term of the selector; a match must have all terms.
  std::unordered_map<std::string, std::vector<Entry>> by_label_;
  std::vector<const T*> select_all_;
};

}  // namespace egress::mesh
