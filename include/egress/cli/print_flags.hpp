#pragma once

#include <string>

#include "egress/cli/flag_set.hpp"
#include "egress/render/output.hpp"

namespace egress::cli {

/// kubectl's flags for how objects are printed.
struct PrintFlags {
  std::string output;

  /// Adds -o with that description; its words are those of read_output(), and these.
  void add(FlagSet& flags, const std::string& description, const std::string& more_words = "");
  /// Throws Error where --output or --template cannot be read.
  render::Output read() const;

 private:
  render::TemplateFlags template_;
};

/// `--show-managed-fields`, without a meaning: what is printed has no managedFields, with or without it.
void add_show_managed_fields_flag(FlagSet& flags);

}  // namespace egress::cli
