#include "egress/base/json_object_builder.hpp"

#include <algorithm>
#include <utility>

namespace egress {
namespace {

/// So many are walked through sooner than hashed; most objects have no more.
constexpr std::size_t max_without_index = 16;

}  // namespace

std::size_t JsonObjectBuilder::index_of(const std::string& key) const {
  if (index_by_key_.empty()) {
    const auto member = std::ranges::find(members_, key, &Json::Object::value_type::first);
    return static_cast<std::size_t>(member - members_.begin());
  }
  const auto index = index_by_key_.find(key);
  return index == index_by_key_.end() ? members_.size() : index->second;
}

void JsonObjectBuilder::set(const std::string& key, Json value) {
  const std::size_t index = index_of(key);
  if (index < members_.size()) {
    members_[index].second = std::move(value);
    return;
  }
  members_.emplace_back(key, std::move(value));
  if (!index_by_key_.empty())
    index_by_key_.emplace(key, index);
  else if (members_.size() > max_without_index)
    for (std::size_t i = 0; i < members_.size(); ++i) index_by_key_.emplace(members_[i].first, i);
}

Json JsonObjectBuilder::build() {
  index_by_key_.clear();
  return Json(std::exchange(members_, {}));
}

}  // namespace egress
