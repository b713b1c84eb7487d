#include "egress/render/output.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "egress/base/error.hpp"
#include "egress/base/file.hpp"
#include "egress/base/go_text.hpp"
#include "egress/base/text.hpp"

namespace egress::render {
namespace {

constexpr std::array<std::pair<std::string_view, OutputForm>, 4> words{{
    {"json", OutputForm::json},
    {"yaml", OutputForm::yaml},
    {"kyaml", OutputForm::kyaml},
    {"name", OutputForm::name},
}};

/// What a form is made by: `FORM=ARGUMENT`, or a file of that.
struct Templated {
  std::string_view name;
  OutputForm form;
  bool in_file;
};

constexpr std::array<Templated, 5> templated{{
    {"custom-columns", OutputForm::custom_columns, false},
    {"custom-columns-file", OutputForm::custom_columns, true},
    {"jsonpath", OutputForm::jsonpath, false},
    {"jsonpath-as-json", OutputForm::jsonpath_as_json, false},
    {"jsonpath-file", OutputForm::jsonpath, true},
}};

std::string content(const std::string& file, const std::string& what) {
  try {
    return read_file(file);
  } catch (const Error& error) {
    throw Error("error reading " + what + " " + printable(file, 300) + ", " + error.what());
  }
}

Output columns(const Templated& by, const std::string& argument) {
  if (argument.empty()) throw Error("custom-columns format specified but no custom columns given");
  Output output{.form = by.form, .text = argument};
  output.columns =
      by.in_file ? CustomColumns::read_file(content(argument, "template")) : CustomColumns::read(argument);
  return output;
}

Output path(const Templated& by, const std::string& argument, bool allows_missing_keys) {
  if (argument.empty()) throw Error("template format specified but no template given");
  Output output{.form = by.form, .text = by.in_file ? content(argument, "--template") : argument};
  try {
    output.path.emplace(output.text, allows_missing_keys);
  } catch (const Error& error) {
    throw Error("error parsing jsonpath " + printable(output.text) + ", " + error.what());
  }
  return output;
}

/// kubectl has templates of Go, and takes --template alone for one.
const char* instead_of_go_template(const std::string& name) {
  constexpr std::array names{"go-template", "go-template-file", "template", "templatefile"};
  return std::ranges::find(names, name) == names.end()
             ? nullptr
             : "Templates of Go are not there; -o jsonpath=TEMPLATE and -o custom-columns=SPEC are.";
}

Output templated_output(const Templated& by, const std::string& argument, const TemplateFlags& flags) {
  return by.form == OutputForm::custom_columns ? columns(by, argument)
                                               : path(by, argument, flags.allows_missing_keys);
}

}  // namespace

std::vector<std::string> output_words(bool has_wide) {
  std::vector<std::string> names;
  for (const auto& [word, form] : words) names.emplace_back(word);
  for (const Templated& one : templated) names.emplace_back(one.name);
  if (has_wide) names.emplace_back("wide");
  std::ranges::sort(names);
  return names;
}

Output read_output(const std::string& value, bool has_wide, const TemplateFlags& flags) {
  if (value.empty() && !flags.text.empty()) return read_output("go-template", has_wide, flags);
  if (value.empty()) return {};
  if (value == "wide" && has_wide) return {.form = OutputForm::wide, .text = ""};
  for (const auto& [word, form] : words)
    if (lower(value) == word) return {.form = form, .text = ""};
  const std::size_t equals = std::min(value.find('='), value.size());
  const std::string name = value.substr(0, equals);
  const std::string argument = value.substr(std::min(equals + 1, value.size()));
  const auto by = std::ranges::find(templated, name, &Templated::name);
  const bool is_bare = equals == value.size();
  // A template stands either here or there.
  if (by != templated.end() && (flags.text.empty() || is_bare))
    return templated_output(*by, flags.text.empty() ? argument : flags.text, flags);
  const std::vector<std::string> names = output_words(has_wide);
  const std::string meant = nearest(name, names);
  const char* instead = instead_of_go_template(name);
  throw UsageError("unable to match a printer suitable for the output format " +
                       go_quoted(printable(value, 300)) + ", allowed formats are: " + join(names, ","),
                   instead != nullptr ? instead
                   : meant.empty()    ? ""
                                      : "Did you mean --output=" + meant + " ?");
}

}  // namespace egress::render
