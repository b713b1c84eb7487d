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

/// What a terminal would obey is shown; line ends and tabs make lines and cells, as with kubectl.
std::string shown(const Json& value) {
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

std::string cell(const JsonPath& path, const Json& object) {
  const std::vector<JsonPath::Found> all = path.find(object);
  std::vector<std::string> values;
  if (all.empty() || all.front().empty()) values.emplace_back("<none>");
  for (const JsonPath::Found& found : all)
    for (const Json& value : found) values.push_back(shown(value));
  return join(values, ",");
}

std::vector<std::string> words_of(std::string_view line) {
  constexpr std::string_view blanks = " \t\v\f\r";
  std::vector<std::string> words;
  for (std::size_t at = line.find_first_not_of(blanks); at < line.size();
       at = line.find_first_not_of(blanks, at)) {
    const std::size_t end = std::min(line.find_first_of(blanks, at), line.size());
    words.emplace_back(line.substr(at, end - at));
    at = end;
  }
  return words;
}

}  // namespace

CustomColumns::Column CustomColumns::column(const std::string& name, std::string_view path) {
  return {name, JsonPath(relaxed_path(path))};
}

CustomColumns CustomColumns::read(std::string_view spec) {
  if (spec.empty()) throw Error("custom-columns format specified but no custom columns given");
  std::vector<Column> columns;
  for (const std::string& part : split(spec, ',')) {
    const std::size_t colon = part.find(':');
    if (colon == std::string::npos)
      throw Error("unexpected custom-columns spec: " + printable(part, 300) +
                  ", expected <header>:<json-path-expr>");
    columns.push_back(column(part.substr(0, colon), std::string_view(part).substr(colon + 1)));
  }
  return CustomColumns(std::move(columns));
}

CustomColumns CustomColumns::read_file(std::string_view text) {
  const std::string expected =
      " line. Expected format is one line of space separated headers, one line of space separated column "
      "specs.";
  const std::vector<std::string> lines = split(text, '\n');
  if (lines.empty()) throw Error("invalid template, missing header" + expected);
  if (lines.size() < 2 || (lines.size() == 2 && lines[1].empty()))
    throw Error("invalid template, missing spec" + expected);
  const std::vector<std::string> names = words_of(lines[0]);
  const std::vector<std::string> paths = words_of(lines[1]);
  if (names.size() != paths.size())
    throw Error("number of headers (" + std::to_string(names.size()) + ") and field specifications (" +
                std::to_string(paths.size()) + ") don't match");
  std::vector<Column> columns;
  for (std::size_t i = 0; i < names.size(); ++i) columns.push_back(column(names[i], paths[i]));
  return CustomColumns(std::move(columns));
}

void CustomColumns::print(std::ostream& out, const std::vector<Json>& objects) {
  std::string text;
  const auto add_line = [&](const auto& of_column) {
    std::vector<std::string> cells;
    for (const Column& one : columns_) cells.push_back(of_column(one));
    text += join(cells, "\t") + "\n";
  };
  if (std::exchange(headers_, false)) add_line([](const Column& one) { return one.name; });
  try {
    for (const Json& object : objects) add_line([&](const Column& one) { return cell(one.path, object); });
  } catch (const Error&) {
    out << writer_.lines(text);
    throw;
  }
  out << writer_.lines(text);
}

}  // namespace egress::render
