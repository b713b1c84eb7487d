// print-objects FILE [-o VALUE] [--template TEXT] [--allow-missing-template-keys=false] [--one]
// [--no-headers]
// [--sort-by PATH]: prints the objects of a file, a JSON list, as the commands print theirs: as a List, or
// the first alone. --rows: the file holds the rows of a table, lists of texts. What differs from kubectl is
// found by printing.py.
#include <fstream>
#include <iostream>
#include <sstream>

#include "egress/base/error.hpp"
#include "egress/base/file.hpp"
#include "egress/render/object_printer.hpp"
#include "egress/render/sort_by.hpp"
#include "egress/render/table.hpp"

using namespace egress;

namespace {

struct Options {
  std::string file;
  std::string output;
  render::TemplateFlags template_flags;
  std::string sort_by;
  bool first_only = false;
  bool no_headers = false;
  bool rows = false;
};

Options read_options(const std::vector<std::string>& arguments) {
  Options options;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i] == "-o")
      options.output = arguments.at(++i);
    else if (arguments[i] == "--sort-by")
      options.sort_by = arguments.at(++i);
    else if (arguments[i] == "--template")
      options.template_flags.text = arguments.at(++i);
    else if (arguments[i] == "--allow-missing-template-keys=false")
      options.template_flags.allows_missing_keys = false;
    else if (arguments[i] == "--one")
      options.first_only = true;
    else if (arguments[i] == "--no-headers")
      options.no_headers = true;
    else if (arguments[i] == "--rows")
      options.rows = true;
    else
      options.file = arguments[i];
  }
  return options;
}

void print_rows(const Json& rows) {
  std::vector<render::Row> table_rows;
  for (const Json& row : rows.items()) {
    table_rows.emplace_back();
    for (const Json& cell : row.items()) table_rows.back().emplace_back(cell.as_string());
  }
  std::cout << render::format_table(table_rows);
}

void print_names(const std::vector<Json>& objects) {
  for (const Json& object : objects)
    std::cout << "configmap/" << object["metadata"]["name"].as_string() << '\n';
}

std::vector<Json> sorted(const std::vector<Json>& objects, const std::string& path) {
  if (path.empty()) return objects;
  const render::SortBy sort(path);
  std::vector<std::optional<Json>> keys;
  for (const Json& object : objects) keys.push_back(sort.key(object));
  std::vector<Json> sorted_objects;
  for (const std::size_t index : sort.order(keys)) sorted_objects.push_back(objects[index]);
  return sorted_objects;
}

void print(const Options& options) {
  const Json content = Json::parse(read_file(options.file));
  if (options.rows) return print_rows(content);
  render::Output output = render::parse_output(options.output, true, options.template_flags);
  if (options.no_headers && output.columns) output.columns->hide_headers();
  std::vector<Json> objects = sorted(content.items(), options.sort_by);
  if (options.first_only) objects.resize(1);
  if (output.format == render::OutputFormat::name) return print_names(objects);
  using Layout = render::ObjectPrinter::Layout;
  render::ObjectPrinter printer(std::cout, std::move(output),
                                options.first_only ? Layout::one : Layout::list);
  printer.add(objects);
  printer.end();
}

}  // namespace

int main(int count, char** arguments) {
  try {
    print(read_options({arguments + 1, arguments + count}));
  } catch (const Error& error) {
    std::cout.flush();
    std::cerr << error.headline() << '\n';
    return 1;
  }
  return 0;
}
