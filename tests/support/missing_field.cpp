#include "support/missing_field.hpp"

namespace egress::testing {

std::string first_missing_field(const Json& stored, const Json& requested, const std::string& path) {
  if (requested.is_object()) {
    if (!stored.is_object()) return path;
    for (const auto& [key, value] : requested.members())
      if (std::string missing = first_missing_field(stored[key], value, path + "." + key); !missing.empty())
        return missing;
    return {};
  }
  if (!requested.is_array()) return stored == requested ? "" : path;
  if (stored.items().size() != requested.items().size()) return path;
  for (std::size_t i = 0; i < requested.items().size(); ++i) {
    const std::string inner = path + "[" + std::to_string(i) + "]";
    if (std::string missing = first_missing_field(stored.items()[i], requested.items()[i], inner);
        !missing.empty())
      return missing;
  }
  return {};
}

}  // namespace egress::testing
