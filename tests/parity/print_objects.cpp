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
  render::TemplateFlags of_template;
  std::string sort_by;
  bool one = false;
  bool no_headers = false;
  bool rows = false;
};

Options read_options(const std::vector<std::string>& words) {
  Options options;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "-o")
      options.output = words.at(++i);
    else if (words[i] == "--sort-by")
      options.sort_by = words.at(++i);
    else if (words[i] == "--template")
      options.of_template.text = words.at(++i);
    else if (words[i] == "--allow-missing-template-keys=false")
      options.of_template.allows_missing_keys = false;
    else if (words[i] == "--one")
      options.one = true;
    else if (words[i] == "--no-headers")
      options.no_headers = true;
    else if (words[i] == "--rows")
      options.rows = true;
    else
      options.file = words[i];
  }
  return options;
}

void print_rows(const Json& rows) {
  std::vector<render::Row> texts;
  for (const Json& row : rows.items()) {
    texts.emplace_back();
    for (const Json& cell : row.items()) texts.back().emplace_back(cell.as_string());
  }
  std::cout << render::table(texts);
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
  std::vector<Json> in_order;
  for (const std::size_t place : sort.order(keys)) in_order.push_back(objects[place]);
  return in_order;
}

void print(const Options& options) {
  const Json content = Json::parse(read_file(options.file));
  if (options.rows) return print_rows(content);
  render::Output output = render::read_output(options.output, true, options.of_template);
  if (options.no_headers && output.columns) output.columns->leave_headers_out();
  std::vector<Json> objects = sorted(content.items(), options.sort_by);
  if (options.one) objects.resize(1);
  if (output.form == render::OutputForm::name) return print_names(objects);
  using Frame = render::ObjectPrinter::Frame;
  render::ObjectPrinter printer(std::cout, std::move(output), options.one ? Frame::one : Frame::list);
  printer.add(objects);
  printer.end();
}

}  // namespace

int main(int count, char** words) {
  try {
    print(read_options({words + 1, words + count}));
  } catch (const Error& error) {
    std::cout.flush();
    std::cerr << error.headline() << '\n';
    return 1;
  }
  return 0;
}
