#include "egress/mesh/faults.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

#include "egress/base/text.hpp"

namespace egress::mesh {
namespace {

std::string lines(const std::vector<Fault>& faults) {
  std::vector<std::string> texts;
  for (const Fault& one : faults) texts.push_back(one.text);
  return join(texts, "\nerror: ");
}

bool is_plain(std::string_view key) {
  return std::ranges::all_of(
      key, [](unsigned char sign) { return std::isalnum(sign) != 0 || sign == '-' || sign == '_'; });
}

}  // namespace

std::string Fault::of_field() const {
  const std::string shown = printable(field, 200);
  return shown.empty() || text.find(shown) != std::string::npos ? text : shown + ": " + text;
}

FaultyForm::FaultyForm(std::vector<Fault> faults)
    : Error(lines(faults), "", reason::invalid_input), faults_(std::move(faults)) {}

std::string field_of(std::string_view mapping, std::string_view key) {
  if (mapping.empty()) return std::string(key);
  return std::string(mapping) + (is_plain(key) ? "." + std::string(key) : "[" + std::string(key) + "]");
}

std::string item_of(std::string_view list, std::size_t index) {
  return std::string(list) + "[" + std::to_string(index) + "]";
}

std::vector<std::string> keys_of(std::string_view field) {
  std::vector<std::string> keys;
  while (!field.empty()) {
    const bool bracketed = field.front() == '[';
    if (bracketed || field.front() == '.') field.remove_prefix(1);
    const std::size_t end = std::min(bracketed ? field.find(']') : field.find_first_of(".["), field.size());
    keys.emplace_back(field.substr(0, end));
    field.remove_prefix(std::min(end + (bracketed ? 1 : 0), field.size()));
  }
  return keys;
}

}  // namespace egress::mesh
