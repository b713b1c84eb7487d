#include "egress/render/custom_columns.hpp"

#include <algorithm>
#include <ostream>
#include <utility>

#include "egress/base/error.hpp"
#include "egress/base/go_text.hpp"
#include "egress/base/text.hpp"
#include "egress/render/relaxed_path.hpp"

namespace egress::render {
namespace {

/// Escapes terminal controls, but not newlines and tabs: they separate lines and cells, as in kubectl.
std::string escape_controls(const Json& value) {
  std::string text;
  for (const char c : go_value(value)) {
    if (c == '\x1b')
      text += "^[";
    else if (c == '\r')
      text += "\\r";
    else
      text += c;
  }
  return text;
}

std::string cell_text(const JsonPath& path, const Json& object) {
  const std::vector<JsonPath::Matches> results = path.find(object);
  std::vector<std::string> values;
  if (results.empty() || results.front().empty()) values.emplace_back("<none>");
  for (const JsonPath::Matches& matches : results)
    for (const Json& value : matches) values.push_back(escape_controls(value));
  return join(values, ",");
}

std::vector<std::string> split_words(std::string_view line) {
  constexpr std::string_view blanks = " \t\v\f\r";
  std::vector<std::string> words;
  for (std::size_t begin = line.find_first_not_of(blanks); begin < line.size();
       begin = line.find_first_not_of(blanks, begin)) {
    const std::size_t end = std::min(line.find_first_of(blanks, begin), line.size());
    words.emplace_back(line.substr(begin, end - begin));
    begin = end;
  }
  return words;
}

}  // namespace

CustomColumns::Column CustomColumns::make_column(const std::string& name, std::string_view path) {
  return {name, JsonPath(relaxed_path(path))};
}

CustomColumns CustomColumns::parse_spec(std::string_view spec) {
  if (spec.empty()) throw Error("custom-columns format specified but no custom columns given");
  std::vector<Column> columns;
  for (const std::string& part : split(spec, ',')) {
    const std::size_t colon = part.find(':');
    if (colon == std::string::npos)
      throw Error("unexpected custom-columns spec: " + printable(part, 300) +
                  ", expected <header>:<json-path-expr>");
    columns.push_back(make_column(part.substr(0, colon), std::string_view(part).substr(colon + 1)));
  }
  return CustomColumns(std::move(columns));
}

CustomColumns CustomColumns::parse_template(std::string_view text) {
  const std::string expected =
      " line. Expected format is one line of space separated headers, one line of space separated column "
      "specs.";
  const std::vector<std::string> lines = split(text, '\n');
  if (lines.empty()) throw Error("invalid template, missing header" + expected);
  if (lines.size() < 2 || (lines.size() == 2 && lines[1].empty()))
    throw Error("invalid template, missing spec" + expected);
  const std::vector<std::string> names = split_words(lines[0]);
  const std::vector<std::string> paths = split_words(lines[1]);
  if (names.size() != paths.size())
    throw Error("number of headers (" + std::to_string(names.size()) + ") and field specifications (" +
                std::to_string(paths.size()) + ") don't match");
  std::vector<Column> columns;
  for (std::size_t i = 0; i < names.size(); ++i) columns.push_back(make_column(names[i], paths[i]));
  return CustomColumns(std::move(columns));
}

void CustomColumns::print(std::ostream& out, const std::vector<Json>& objects) {
  std::string text;
  const auto add_line = [&](const auto& format) {
    std::vector<std::string> cells;
    for (const Column& column : columns_) cells.push_back(format(column));
    text += join(cells, "\t") + "\n";
  };
  if (std::exchange(prints_headers_, false)) add_line([](const Column& column) { return column.name; });
  try {
    for (const Json& object : objects)
      add_line([&](const Column& column) { return cell_text(column.path, object); });
  } catch (const Error&) {
    out << writer_.align(text);
    throw;
  }
  out << writer_.align(text);
}

}  // namespace egress::render
