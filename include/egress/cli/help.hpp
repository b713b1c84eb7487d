#pragma once

#include <string>
#include <vector>

#include "egress/cli/command.hpp"

namespace egress::cli {

/// The help of a flag.
struct FlagHelp {
  std::string names;          ///< "-o, --output"
  std::string default_value;  ///< in kubectl's format: "''", "false", "[]", "2m"
  std::string description;
};

/// The flags under one heading.
struct FlagGroup {
  std::string title;
  std::vector<FlagHelp> flags;
};

/// The documentation of a command, read from its declaration. It is the source of --help, of the man pages
/// and, through --help, of the README's section on commands.
struct Help {
  std::string name;     ///< "create"; empty for kubectl egress itself
  std::string summary;  ///< without a full stop
  std::vector<std::string> aliases;
  std::string usage;     ///< "kubectl egress create NAME --host HOST [options]"
  std::string examples;  ///< comments and command lines
  std::string exit_status;
  std::vector<FlagGroup> groups;
  std::vector<Help> commands;  ///< the visible commands; only for kubectl egress itself

  /// "kubectl egress create"
  std::string full_name() const;
  /// The name of the man page: "kubectl-egress-create"
  std::string page_name() const;
};

/// The help of one command.
Help read_help(const Command& command);

/// The help of kubectl egress itself, with the global flags.
Help read_help(const CLI::App& root, const std::vector<Command>& commands);

/// The output of --help, in kubectl's layout.
std::string help_text(const Help& help);

/// The commands and usage lines of kubectl egress itself.
std::string usage_text(const Help& root);

/// The output of `kubectl egress options`.
std::string options_text(const Help& root);

/// The man page in section 1, in roff.
std::string man_page(const Help& help);

/// The page kubectl-egress-file(5), which documents the fields of a manifest.
std::string manifest_man_page();

}  // namespace egress::cli
