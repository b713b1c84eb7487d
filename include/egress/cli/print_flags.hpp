#pragma once

#include <string>

#include "egress/cli/flag_set.hpp"
#include "egress/render/output.hpp"

namespace egress::cli {

/// kubectl's flags for printing objects.
struct PrintFlags {
  std::string output;

  /// Adds -o with the formats of parse_output() and `more_formats` ("|dot|mermaid").
  void add(FlagSet& flags, const std::string& description, const std::string& more_formats = "");
  /// Throws Error if --output or --template is invalid.
  render::Output parse_output() const;

 private:
  render::TemplateFlags template_;
};

/// Adds `--show-managed-fields`, which has no effect because printed objects never have managedFields.
void add_show_managed_fields_flag(FlagSet& flags);

}  // namespace egress::cli
