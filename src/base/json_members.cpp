#include "egress/base/json_members.hpp"

#include <algorithm>
#include <utility>

namespace egress {
namespace {

/// So many are walked through sooner than hashed; most objects have no more.
constexpr std::size_t few = 16;

}  // namespace

std::size_t JsonMembers::place(const std::string& key) const {
  if (places_.empty()) {
    const auto at = std::ranges::find(members_, key, &Json::Object::value_type::first);
    return static_cast<std::size_t>(at - members_.begin());
  }
  const auto at = places_.find(key);
  return at == places_.end() ? members_.size() : at->second;
}

void JsonMembers::set(const std::string& key, Json value) {
  const std::size_t at = place(key);
  if (at < members_.size()) {
    members_[at].second = std::move(value);
    return;
  }
  members_.emplace_back(key, std::move(value));
  if (!places_.empty())
    places_.emplace(key, at);
  else if (members_.size() > few)
    for (std::size_t i = 0; i < members_.size(); ++i) places_.emplace(members_[i].first, i);
}

Json JsonMembers::take() {
  places_.clear();
  return Json(std::exchange(members_, {}));
}

}  // namespace egress
