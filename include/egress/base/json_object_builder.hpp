#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>

#include "egress/base/json.hpp"

namespace egress {

/// The members of an object that is being made, in the order of their first setting. Json::find() walks
/// through them; here they are found at once, however many there are.
class JsonObjectBuilder {
 public:
  bool has(const std::string& key) const { return index_of(key) < members_.size(); }
  /// Adds a member, or gives it another value.
  void set(const std::string& key, Json value);
  /// The object; nothing is left here.
  Json build();

 private:
  /// The index of the member of that name; the number of members if it does not exist.
  std::size_t index_of(const std::string& key) const;

  Json::Object members_;
  std::unordered_map<std::string, std::size_t> index_by_key_;  ///< empty while they are few
};

}  // namespace egress
