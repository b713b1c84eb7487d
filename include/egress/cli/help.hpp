#pragma once

#include <string>
#include <vector>

#include "egress/cli/command.hpp"

namespace egress::cli {

/// A flag as kubectl shows it.
struct FlagHelp {
  std::string names;     ///< "-o, --output"
  std::string standard;  ///< what counts where it is not given: "''", "false", "[]", "2m"
  std::string description;
};

/// Flags under one heading.
struct FlagGroup {
  std::string title;
  std::vector<FlagHelp> flags;
};

/// What there is to say of a command, read off its declaration: the one source of --help, of the man pages
/// and, through --help, of the README's section on commands.
struct Help {
  std::string name;      ///< "create"; empty for kubectl egress itself
  std::string sentence;  ///< what it does, without the full stop
  std::vector<std::string> aliases;
  std::string usage;     ///< "kubectl egress create NAME --host HOST [options]"
  std::string examples;  ///< lines of comments and of commands
  std::string exit_status;
  std::vector<FlagGroup> groups;
  std::vector<Help> commands;  ///< of kubectl egress itself, those that help lists

  /// "kubectl egress create"
  std::string full_name() const;
  /// "kubectl-egress-create": its man page
  std::string page_name() const;
};

/// The help of one command.
Help read_help(const Command& command);

/// The help of kubectl egress itself. Its flags are those of every command.
Help read_help(const CLI::App& root, const std::vector<Command>& commands);

/// What --help prints, laid out as kubectl's.
std::string help_text(const Help& help);

/// How kubectl egress itself is used: its commands, without what it is for.
std::string usage_text(const Help& root);

/// What `kubectl egress options` prints, of the help of kubectl egress itself.
std::string options_text(const Help& root);

/// Its page in section 1 of the manual, in roff.
std::string man_page(const Help& help);

}  // namespace egress::cli
