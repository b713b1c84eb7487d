#include "egress/mesh/audit/phrases.hpp"

#include "egress/base/text.hpp"

namespace egress::mesh {
namespace {

constexpr std::size_t max_name_size = 253;
constexpr std::size_t max_listed = 5;

}  // namespace

std::string quoted(const std::string& text) {
  return "\"" + printable(text, max_name_size) + "\"";
}

std::string quoted_list(const std::vector<std::string>& texts) {
  std::string list;
  for (std::size_t i = 0; i < texts.size() && i < max_listed; ++i)
    list += (i == 0 ? "" : ", ") + quoted(texts[i]);
  if (texts.size() > max_listed) list += " and " + std::to_string(texts.size() - max_listed) + " more";
  return list;
}

std::string plural(std::size_t count, const std::string& one, const std::string& many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

}  // namespace egress::mesh
