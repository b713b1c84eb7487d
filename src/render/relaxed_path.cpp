#include "egress/render/relaxed_path.hpp"

#include "egress/base/error.hpp"

namespace egress::render {

std::string relaxed_path(std::string_view path) {
  if (path.empty()) return "";
  const bool has_braces = path.starts_with('{') && path.ends_with('}') && path.size() > 1;
  std::string_view inside = has_braces ? path.substr(1, path.size() - 2) : path;
  // A single dot is a name, as in kubectl.
  if (inside.size() > 1 && inside.starts_with('.')) inside.remove_prefix(1);
  if (inside.empty() || inside.find_first_of("{}") != std::string_view::npos)
    throw Error(
        "unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or "
        "'{.name1.name2}'");
  return "{." + std::string(inside) + "}";
}

}  // namespace egress::render
