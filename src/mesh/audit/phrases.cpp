#include "egress/mesh/audit/phrases.hpp"

#include "egress/base/text.hpp"

namespace egress::mesh {
namespace {

constexpr std::size_t longest_name = 253;
constexpr std::size_t most_listed = 5;

}  // namespace

std::string quoted(const std::string& text) {
  return "\"" + printable(text, longest_name) + "\"";
}

std::string listed(const std::vector<std::string>& texts) {
  std::string list;
  for (std::size_t i = 0; i < texts.size() && i < most_listed; ++i)
    list += (i == 0 ? "" : ", ") + quoted(texts[i]);
  if (texts.size() > most_listed) list += " and " + std::to_string(texts.size() - most_listed) + " more";
  return list;
}

std::string named(const Reference& reference) {
  const std::string place = reference.ns.empty() ? "" : reference.ns + "/";
  return std::string(reference.resource.kind.name) + " " + quoted(place + reference.name);
}

std::string plural(std::size_t count, const std::string& one, const std::string& many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

}  // namespace egress::mesh
