#pragma once

#include <optional>
#include <string>
#include <vector>

#include "egress/render/custom_columns.hpp"
#include "egress/render/jsonpath.hpp"

namespace egress::render {

/// What --output may ask for; human is what is printed without it.
enum class OutputForm { human, wide, json, yaml, kyaml, name, jsonpath, jsonpath_as_json, custom_columns };

/// The value of --output, read.
struct Output {
  OutputForm form = OutputForm::human;
  std::string text;  ///< of jsonpath: the template as it was written
  std::optional<JsonPath> path{};
  std::optional<CustomColumns> columns{};
};

/// What says more of a template than --output itself.
struct TemplateFlags {
  std::string text{};               ///< the template, where --output has none behind a sign of equality
  bool allows_missing_keys = true;  ///< of a JSONPath
};

/// The words that read_output() takes, sorted: some with an argument behind a sign of equality.
std::vector<std::string> output_words(bool has_wide);

/// Reads it, and the file that it names. Throws Error with kubectl's words (cli-runtime 1.36,
/// genericclioptions) where it asks for something else, where a template cannot be read, or a file. Not every
/// command `has_wide`.
Output read_output(const std::string& value, bool has_wide, const TemplateFlags& flags = {});

}  // namespace egress::render
