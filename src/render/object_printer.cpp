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

ObjectPrinter::ObjectPrinter(std::ostream& out, Output output, Frame frame)
    : out_(out), output_(std::move(output)), frame_(frame) {
  using Format = ObjectList::Format;
  const bool by_itself = frame == Frame::one || frame == Frame::each;
  if (output_.form == OutputForm::json && !by_itself) list_.emplace(out, Format::json);
  if (frame != Frame::list) return;
  if (output_.form == OutputForm::yaml) list_.emplace(out, Format::yaml);
  if (output_.form == OutputForm::kyaml) list_.emplace(out, Format::kyaml);
}

void ObjectPrinter::add(std::vector<Json> objects) {
  const bool any = !objects.empty();
  if (output_.columns) {
    output_.columns->print(out_, objects);
  } else if (output_.path && frame_ == Frame::each) {
    for (const Json& object : objects) print_found(object);
  } else if (output_.path) {
    std::ranges::move(objects, std::back_inserter(kept_));
  } else {
    for (const Json& object : objects) list_ ? list_->add(object) : print_alone(object);
  }
  any_ = any_ || any;
}

void ObjectPrinter::print_alone(const Json& object) {
  if (output_.form == OutputForm::json)
    out_ << object.sorted().dump_pretty();
  else if (output_.form == OutputForm::kyaml)
    out_ << "---\n" << kyaml(object.sorted()) << '\n';
  else
    out_ << (std::exchange(any_, true) ? "---\n" : "") << to_yaml(sorted_as_yaml(object));
}

void ObjectPrinter::end() {
  if (list_) list_->end();
  // The names stand above nothing, too.
  if (output_.columns && !any_) output_.columns->print(out_, {});
  if (output_.path && frame_ == Frame::one) print_found(kept_.empty() ? Json() : kept_.front());
  if (output_.path && frame_ != Frame::one) print_found(list_of(std::move(kept_)));
}

void ObjectPrinter::print_found(const Json& all) {
  try {
    out_ << (output_.form == OutputForm::jsonpath ? output_.path->text(all) : output_.path->json(all));
  } catch (const Error& error) {
    const std::string shown = printable(output_.text);
    throw Error("error executing jsonpath " + go_quoted(shown) +
                ": Error executing template: " + error.what() +
                ". Printing more information for debugging the template:\n\ttemplate was:\n\t\t" + shown);
  }
}

}  // namespace egress::render
