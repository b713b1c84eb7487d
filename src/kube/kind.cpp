#include "egress/kube/kind.hpp"

#include <algorithm>

#include "egress/base/text.hpp"

namespace egress::kube {

bool Kind::matches(std::string_view type) const {
  if (const std::size_t dot = type.find('.'); dot != std::string_view::npos) {
    if (type.substr(dot + 1) != group) return false;
    type = type.substr(0, dot);
  }
  return type == to_lower(name) || type == plural || (!type.empty() && type == short_name);
}

std::string Resource::api_version() const {
  return kind.group.empty() ? version : std::string(kind.group) + "/" + version;
}

std::string Resource::type_name() const {
  const std::string text = to_lower(kind.name);
  return kind.group.empty() ? text : text + "." + std::string(kind.group);
}

std::string Resource::path(std::string_view ns, std::string_view name) const {
  std::string path = kind.group.empty() ? "/api/" : "/apis/";
  path += api_version();
  if (!ns.empty()) path.append("/namespaces/").append(url_escaped(ns));
  path.append("/").append(kind.plural);
  if (!name.empty()) path.append("/").append(url_escaped(name));
  return path;
}

std::string url_escaped(std::string_view text) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  std::string escaped;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    // Escape a leading dot, because the segments "." and ".." lead to another path; no name starts with a
    // dot.
    const bool leading_dot = c == '.' && escaped.empty();
    if (!leading_dot && (std::isalnum(byte) || c == '-' || c == '_' || c == '.' || c == '~'))
      escaped += c;
    else
      escaped.append({'%', hex[byte >> 4U], hex[byte & 15U]});
  }
  return escaped;
}

std::string group_kind(const Kind& kind) {
  return kind.group.empty() ? std::string(kind.name) : std::string(kind.name) + "." + std::string(kind.group);
}

}  // namespace egress::kube
