#include "egress/mesh/field_errors.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

#include "egress/base/text.hpp"

namespace egress::mesh {
namespace {

std::string error_lines(const std::vector<FieldError>& errors) {
  std::vector<std::string> texts;
  for (const FieldError& error : errors) texts.push_back(error.with_field());
  return join(texts, "\nerror: ");
}

bool is_plain_key(std::string_view key) {
  return std::ranges::all_of(key,
                             [](unsigned char c) { return std::isalnum(c) != 0 || c == '-' || c == '_'; });
}

}  // namespace

std::string FieldError::with_field() const {
  const std::string shown = printable(field, 200);
  return shown.empty() || text.find(shown) != std::string::npos ? text : shown + ": " + text;
}

InvalidManifest::InvalidManifest(std::vector<FieldError> errors)
    : Error(error_lines(errors), "", reason::invalid_input), errors_(std::move(errors)) {}

std::string field_path(std::string_view mapping, std::string_view key) {
  if (mapping.empty()) return std::string(key);
  return std::string(mapping) + (is_plain_key(key) ? "." + std::string(key) : "[" + std::string(key) + "]");
}

std::string item_path(std::string_view list, std::size_t index) {
  return std::string(list) + "[" + std::to_string(index) + "]";
}

std::vector<std::string> path_keys(std::string_view field) {
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
