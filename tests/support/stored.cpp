#include "support/stored.hpp"

namespace egress::testing {

std::string first_missing(const Json& stored, const Json& asked, const std::string& path) {
  if (asked.is_object()) {
    if (!stored.is_object()) return path;
    for (const auto& [key, value] : asked.members())
      if (std::string missing = first_missing(stored[key], value, path + "." + key); !missing.empty())
        return missing;
    return {};
  }
  if (!asked.is_array()) return stored == asked ? "" : path;
  if (stored.items().size() != asked.items().size()) return path;
  for (std::size_t i = 0; i < asked.items().size(); ++i) {
    const std::string inner = path + "[" + std::to_string(i) + "]";
    if (std::string missing = first_missing(stored.items()[i], asked.items()[i], inner); !missing.empty())
      return missing;
  }
  return {};
}

}  // namespace egress::testing
