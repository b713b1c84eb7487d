#include "support/chart.hpp"

#include <algorithm>
#include <map>

#include "egress/base/text.hpp"

namespace egress::testing {
namespace {

using Flat = std::map<std::string, std::string>;

/// What tells an item of a list from the others, or its place.
std::string item_key(const Json& item, std::size_t place) {
  for (const char* key : {"name", "mountPath", "containerPort", "path", "key"})
    if (item.has(key)) return item[key].is_string() ? item[key].as_string() : item[key].dump();
  return item.is_string() ? item.as_string() : std::to_string(place);
}

void flatten(const Json& json, const std::string& path, Flat& into) {
  if (json.is_object() && !json.members().empty()) {
    for (const auto& [key, value] : json.members())
      flatten(value, path.empty() ? key : path + "." + key, into);
  } else if (json.is_array()) {
    for (std::size_t i = 0; i < json.items().size(); ++i)
      flatten(json.items()[i], path + "[" + item_key(json.items()[i], i) + "]", into);
  } else if (!json.is_null()) {
    into[path] = json.is_string() ? json.as_string() : json.dump();
  }
}

/// True where the parts between the row's stars follow one another in the line.
bool means(const Meant& row, const std::string& line) {
  const std::vector<std::string> parts = split(row.line, '*');
  std::size_t at = 0;
  for (const std::string& part : parts) {
    const std::size_t found = line.find(part, at);
    const bool must_begin = &part == &parts.front();
    if (found == std::string::npos || (must_begin && found != 0)) return false;
    at = found + part.size();
  }
  return row.line.ends_with('*') || at == line.size();
}

}  // namespace

std::vector<std::string> differences(const Json& first, const Json& second) {
  Flat one;
  Flat other;
  flatten(first, "", one);
  flatten(second, "", other);
  std::vector<std::string> lines;
  for (const auto& [path, value] : one)
    if (!other.contains(path) || other[path] != value) lines.push_back("- " + path + " = " + value);
  for (const auto& [path, value] : other)
    if (!one.contains(path) || one[path] != value) lines.push_back("+ " + path + " = " + value);
  std::ranges::sort(lines);
  return lines;
}

std::vector<std::string> not_meant(const std::vector<std::string>& lines, const std::vector<Meant>& table) {
  std::vector<std::string> rest;
  for (const std::string& line : lines)
    if (std::ranges::none_of(table, [&](const Meant& row) { return means(row, line); })) rest.push_back(line);
  for (const Meant& row : table)
    if (std::ranges::none_of(lines, [&](const std::string& line) { return means(row, line); }))
      rest.push_back("no such difference: " + row.line);
  return rest;
}

}  // namespace egress::testing
