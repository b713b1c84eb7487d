#include "egress/kube/json_patch.hpp"

#include <algorithm>

#include "egress/base/text.hpp"

namespace egress::kube {
namespace {

/// Escapes a key for a JSON Pointer (RFC 6901).
std::string escape_key(const std::string& key) {
  std::string part;
  for (const char c : key) part += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
  return part;
}

std::string unescape_key(const std::string& part) {
  std::string key;
  for (std::size_t i = 0; i < part.size(); ++i) {
    const bool escaped = part[i] == '~' && i + 1 < part.size();
    key += !escaped ? part[i] : part[++i] == '1' ? '/' : '~';
  }
  return key;
}

void erase(Json& object, const std::string& pointer) {
  auto parts = split(pointer, '/');
  Json* parent = &object;
  for (std::size_t i = 1; i + 1 < parts.size(); ++i) {
    const std::string key = unescape_key(parts[i]);
    if (!parent->is_object() || !parent->has(key)) return;
    parent = &parent->edit(key);
  }
  if (parent->is_object()) parent->erase(unescape_key(parts.back()));
}

}  // namespace

Json remove_operation(std::span<const std::string> path) {
  std::string pointer;
  for (const std::string& key : path) pointer += "/" + escape_key(key);
  return object({{"op", "remove"}, {"path", pointer}});
}

void append_operations(Json& patch, const Json& operations) {
  for (const Json& operation : operations.items()) {
    const std::string path = operation["path"].as_string() + "/";
    const bool is_covered = std::ranges::any_of(
        patch.items(), [&](const Json& other) { return path.starts_with(other["path"].as_string() + "/"); });
    if (!is_covered) patch.push(operation);
  }
}

Json apply_removals(Json object, const Json& patch) {
  for (const Json& operation : patch.items()) erase(object, operation["path"].as_string());
  return object;
}

}  // namespace egress::kube
