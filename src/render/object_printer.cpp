#include "egress/render/object_printer.hpp"

#include <algorithm>
#include <iterator>
#include <ostream>
#include <utility>

#include "egress/base/error.hpp"
#include "egress/base/go_text.hpp"
#include "egress/base/text.hpp"
#include "egress/base/yaml.hpp"
#include "egress/render/kyaml.hpp"

namespace egress::render {

ObjectPrinter::ObjectPrinter(std::ostream& out, Output output, Layout layout)
    : out_(out), output_(std::move(output)), layout_(layout) {
  using Format = ListPrinter::Format;
  const bool is_separate = layout == Layout::one || layout == Layout::each;
  if (output_.format == OutputFormat::json && !is_separate) list_.emplace(out, Format::json);
  if (layout != Layout::list) return;
  if (output_.format == OutputFormat::yaml) list_.emplace(out, Format::yaml);
  if (output_.format == OutputFormat::kyaml) list_.emplace(out, Format::kyaml);
}

void ObjectPrinter::add(std::vector<Json> objects) {
  const bool has_objects = !objects.empty();
  if (output_.columns) {
    output_.columns->print(out_, objects);
  } else if (output_.path && layout_ == Layout::each) {
    for (const Json& object : objects) print_jsonpath(object);
  } else if (output_.path) {
    std::ranges::move(objects, std::back_inserter(objects_));
  } else {
    for (const Json& object : objects) list_ ? list_->add(object) : print_object(object);
  }
  has_printed_ = has_printed_ || has_objects;
}

void ObjectPrinter::print_object(const Json& object) {
  if (output_.format == OutputFormat::json)
    out_ << object.sorted().dump_pretty();
  else if (output_.format == OutputFormat::kyaml)
    out_ << "---\n" << to_kyaml(object.sorted()) << '\n';
  else
    out_ << (std::exchange(has_printed_, true) ? "---\n" : "") << to_yaml(sort_yaml_keys(object));
}

void ObjectPrinter::end() {
  if (list_) list_->end();
  // The headers are printed even without objects.
  if (output_.columns && !has_printed_) output_.columns->print(out_, {});
  if (output_.path && layout_ == Layout::one) print_jsonpath(objects_.empty() ? Json() : objects_.front());
  if (output_.path && layout_ != Layout::one) print_jsonpath(make_list(std::move(objects_)));
}

void ObjectPrinter::print_jsonpath(const Json& value) {
  try {
    out_ << (output_.format == OutputFormat::jsonpath ? output_.path->to_text(value)
                                                      : output_.path->to_json(value));
  } catch (const Error& error) {
    const std::string shown_template = printable(output_.text);
    throw Error("error executing jsonpath " + go_quote(shown_template) +
                ": Error executing template: " + error.what() +
                ". Printing more information for debugging the template:\n\ttemplate was:\n\t\t" +
                shown_template);
  }
}

}  // namespace egress::render
