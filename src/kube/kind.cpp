#include "egress/kube/kind.hpp"

#include <algorithm>

namespace egress::kube {

std::string Resource::api_version() const {
  return kind.group.empty() ? version : std::string(kind.group) + "/" + version;
}

std::string Resource::label() const {
  std::string text(kind.name);
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::tolower(c); });
  return kind.group.empty() ? text : text + "." + std::string(kind.group);
}

std::string Resource::path(std::string_view ns, std::string_view name) const {
  std::string path = kind.group.empty() ? "/api/" : "/apis/";
  path += api_version();
  if (!ns.empty()) path.append("/namespaces/").append(ns);
  path.append("/").append(kind.plural);
  if (!name.empty()) path.append("/").append(name);
  return path;
}

std::string group_kind(const Kind& kind) {
  return kind.group.empty() ? std::string(kind.name) : std::string(kind.name) + "." + std::string(kind.group);
}

}  // namespace egress::kube
