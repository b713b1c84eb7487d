#include "egress/kube/json_patch.hpp"

#include <algorithm>

#include "egress/base/text.hpp"

namespace egress::kube {
namespace {

/// A key as part of a JSON Pointer (RFC 6901).
std::string pointer_part(const std::string& key) {
  std::string part;
  for (const char one : key) part += one == '~' ? "~0" : one == '/' ? "~1" : std::string(1, one);
  return part;
}

std::string key_of(const std::string& part) {
  std::string key;
  for (std::size_t i = 0; i < part.size(); ++i) {
    const bool escaped = part[i] == '~' && i + 1 < part.size();
    key += !escaped ? part[i] : part[++i] == '1' ? '/' : '~';
  }
  return key;
}

void erase(Json& object, const std::string& pointer) {
  auto parts = split(pointer, '/');
  Json* inside = &object;
  for (std::size_t i = 1; i + 1 < parts.size(); ++i) {
    const std::string key = key_of(parts[i]);
    if (!inside->is_object() || !inside->has(key)) return;
    inside = &inside->edit(key);
  }
  if (inside->is_object()) inside->erase(key_of(parts.back()));
}

}  // namespace

Json removal(std::span<const std::string> path) {
  std::string pointer;
  for (const std::string& key : path) pointer += "/" + pointer_part(key);
  return object({{"op", "remove"}, {"path", pointer}});
}

void add(Json& patch, const Json& operations) {
  for (const Json& one : operations.items()) {
    const std::string path = one["path"].as_string() + "/";
    const bool goes = std::ranges::any_of(
        patch.items(), [&](const Json& other) { return path.starts_with(other["path"].as_string() + "/"); });
    if (!goes) patch.push(one);
  }
}

Json without(Json object, const Json& patch) {
  for (const Json& one : patch.items()) erase(object, one["path"].as_string());
  return object;
}

}  // namespace egress::kube
