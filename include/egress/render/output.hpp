#pragma once

#include <optional>
#include <string>
#include <vector>

#include "egress/render/custom_columns.hpp"
#include "egress/render/jsonpath.hpp"

namespace egress::render {

/// A format of --output; `human` is the format without --output.
enum class OutputFormat { human, wide, json, yaml, kyaml, name, jsonpath, jsonpath_as_json, custom_columns };

/// The parsed value of --output.
struct Output {
  OutputFormat format = OutputFormat::human;
  std::string text;  ///< for JSONPath, the text of the template
  std::optional<JsonPath> path{};
  std::optional<CustomColumns> columns{};
};

/// The flags that add to --output.
struct TemplateFlags {
  std::string text{};               ///< --template, used if --output has no `=TEMPLATE`
  bool allows_missing_keys = true;  ///< --allow-missing-template-keys; for JSONPath only
};

/// The formats that parse_output() accepts, sorted; some take an `=ARGUMENT`.
std::vector<std::string> output_formats(bool has_wide);

/// Parses the value of --output and reads the template file that it names. Throws Error with kubectl's
/// message (cli-runtime 1.36, genericclioptions) for an unknown format, an invalid template or an unreadable
/// file. Accepts `wide` only with `has_wide`.
Output parse_output(const std::string& value, bool has_wide, const TemplateFlags& flags = {});

}  // namespace egress::render
