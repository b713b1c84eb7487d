#include "support/object_diff.hpp"

#include <algorithm>
#include <map>

#include "egress/base/text.hpp"

namespace egress::testing {
namespace {

using FlatFields = std::map<std::string, std::string>;

/// What tells an item of a list from the others, or its index.
std::string item_key(const Json& item, std::size_t index) {
  for (const char* key : {"name", "mountPath", "containerPort", "path", "key"})
    if (item.has(key)) return item[key].is_string() ? item[key].as_string() : item[key].dump();
  return item.is_string() ? item.as_string() : std::to_string(index);
}

void flatten(const Json& json, const std::string& path, FlatFields& fields) {
  if (json.is_object() && !json.members().empty()) {
    for (const auto& [key, value] : json.members())
      flatten(value, path.empty() ? key : path + "." + key, fields);
  } else if (json.is_array()) {
    for (std::size_t i = 0; i < json.items().size(); ++i)
      flatten(json.items()[i], path + "[" + item_key(json.items()[i], i) + "]", fields);
  } else if (!json.is_null()) {
    fields[path] = json.is_string() ? json.as_string() : json.dump();
  }
}

/// True where the parts between the row's stars follow one another in the line.
bool matches(const ExpectedDifference& row, const std::string& line) {
  const std::vector<std::string> parts = split(row.line, '*');
  std::size_t offset = 0;
  for (const std::string& part : parts) {
    const std::size_t position = line.find(part, offset);
    const bool is_first = &part == &parts.front();
    if (position == std::string::npos || (is_first && position != 0)) return false;
    offset = position + part.size();
  }
  return row.line.ends_with('*') || offset == line.size();
}

}  // namespace

std::vector<std::string> differences(const Json& first, const Json& second) {
  FlatFields first_fields;
  FlatFields second_fields;
  flatten(first, "", first_fields);
  flatten(second, "", second_fields);
  std::vector<std::string> lines;
  for (const auto& [path, value] : first_fields)
    if (!second_fields.contains(path) || second_fields[path] != value)
      lines.push_back("- " + path + " = " + value);
  for (const auto& [path, value] : second_fields)
    if (!first_fields.contains(path) || first_fields[path] != value)
      lines.push_back("+ " + path + " = " + value);
  std::ranges::sort(lines);
  return lines;
}

std::vector<std::string> unexpected_differences(const std::vector<std::string>& lines,
                                                const std::vector<ExpectedDifference>& table) {
  std::vector<std::string> unexpected;
  for (const std::string& line : lines)
    if (std::ranges::none_of(table, [&](const ExpectedDifference& row) { return matches(row, line); }))
      unexpected.push_back(line);
  for (const ExpectedDifference& row : table)
    if (std::ranges::none_of(lines, [&](const std::string& line) { return matches(row, line); }))
      unexpected.push_back("no such difference: " + row.line);
  return unexpected;
}

}  // namespace egress::testing
