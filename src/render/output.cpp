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

constexpr std::array<std::pair<std::string_view, OutputFormat>, 4> simple_formats{{
    {"json", OutputFormat::json},
    {"yaml", OutputFormat::yaml},
    {"kyaml", OutputFormat::kyaml},
    {"name", OutputFormat::name},
}};

/// A format with an argument, `FORMAT=ARGUMENT`: a template, or a file with one.
struct TemplateFormat {
  std::string_view name;
  OutputFormat format;
  bool is_file;
};

constexpr std::array<TemplateFormat, 5> template_formats{{
    {"custom-columns", OutputFormat::custom_columns, false},
    {"custom-columns-file", OutputFormat::custom_columns, true},
    {"jsonpath", OutputFormat::jsonpath, false},
    {"jsonpath-as-json", OutputFormat::jsonpath_as_json, false},
    {"jsonpath-file", OutputFormat::jsonpath, true},
}};

std::string read_template_file(const std::string& file, const std::string& what) {
  try {
    return read_file(file);
  } catch (const Error& error) {
    throw Error("error reading " + what + " " + printable(file, 300) + ", " + error.what());
  }
}

Output parse_columns(const TemplateFormat& format, const std::string& argument) {
  if (argument.empty()) throw Error("custom-columns format specified but no custom columns given");
  Output output{.format = format.format, .text = argument};
  output.columns = format.is_file ? CustomColumns::parse_template(read_template_file(argument, "template"))
                                  : CustomColumns::parse_spec(argument);
  return output;
}

Output parse_path(const TemplateFormat& format, const std::string& argument, bool allows_missing_keys) {
  if (argument.empty()) throw Error("template format specified but no template given");
  Output output{.format = format.format,
                .text = format.is_file ? read_template_file(argument, "--template") : argument};
  try {
    output.path.emplace(output.text, allows_missing_keys);
  } catch (const Error& error) {
    throw Error("error parsing jsonpath " + printable(output.text) + ", " + error.what());
  }
  return output;
}

/// kubectl supports Go templates, and reads --template without --output as one.
const char* go_template_hint(const std::string& name) {
  constexpr std::array names{"go-template", "go-template-file", "template", "templatefile"};
  return std::ranges::find(names, name) == names.end()
             ? nullptr
             : "Go templates are not supported; use -o jsonpath=TEMPLATE or -o custom-columns=SPEC";
}

Output parse_template_output(const TemplateFormat& format, const std::string& argument,
                             const TemplateFlags& flags) {
  return format.format == OutputFormat::custom_columns
             ? parse_columns(format, argument)
             : parse_path(format, argument, flags.allows_missing_keys);
}

}  // namespace

std::vector<std::string> output_formats(bool has_wide) {
  std::vector<std::string> names;
  for (const auto& [name, format] : simple_formats) names.emplace_back(name);
  for (const TemplateFormat& format : template_formats) names.emplace_back(format.name);
  if (has_wide) names.emplace_back("wide");
  std::ranges::sort(names);
  return names;
}

Output parse_output(const std::string& value, bool has_wide, const TemplateFlags& flags) {
  if (value.empty() && !flags.text.empty()) return parse_output("go-template", has_wide, flags);
  if (value.empty()) return {};
  if (value == "wide" && has_wide) return {.format = OutputFormat::wide, .text = ""};
  for (const auto& [name, format] : simple_formats)
    if (to_lower(value) == name) return {.format = format, .text = ""};
  const std::size_t equals = std::min(value.find('='), value.size());
  const std::string name = value.substr(0, equals);
  const std::string argument = value.substr(std::min(equals + 1, value.size()));
  const auto template_format = std::ranges::find(template_formats, name, &TemplateFormat::name);
  const bool is_bare = equals == value.size();
  // The template is in --output or in --template, not in both.
  if (template_format != template_formats.end() && (flags.text.empty() || is_bare))
    return parse_template_output(*template_format, flags.text.empty() ? argument : flags.text, flags);
  const std::vector<std::string> names = output_formats(has_wide);
  const std::string closest = closest_match(name, names);
  const char* hint = go_template_hint(name);
  throw UsageError("unable to match a printer suitable for the output format " +
                       go_quote(printable(value, 300)) + ", allowed formats are: " + join(names, ","),
                   hint != nullptr   ? hint
                   : closest.empty() ? ""
                                     : "did you mean --output=" + closest + "?");
}

}  // namespace egress::render
