#pragma once

#include <string>
#include <utility>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace egress::cli {

/// An error for which pflag (1.0.9) rejects a command line.
struct FlagError {
  std::string message;       ///< pflag's message
  std::string unknown_flag;  ///< the unknown flag, "--name" or "-n"; empty for other errors
};

/// A command line, parsed as cobra and pflag parse it. Errors are collected, and parsing continues.
struct CommandLine {
  CLI::App* command = nullptr;                              ///< null if there is none
  std::vector<std::pair<CLI::Option*, std::string>> flags;  ///< with their values, in the order of the line
  std::vector<std::string> arguments;                       ///< without the command
  std::vector<FlagError> errors;                            ///< in the order of the line
  bool is_help_command = false;                             ///< for `help`, whose arguments are the topic
  CLI::Option* pending_flag = nullptr;                      ///< the flag whose value is being completed
  bool completes_flag_name = false;                         ///< whether the name of a flag is being completed
  std::string to_complete;  ///< the typed part of the word or of the flag's value

  bool has_flag(const CLI::Option* flag) const;
  /// The last value of a flag of the command, or its default.
  std::string flag_value(const std::string& flag) const;
};

/// Parses an incomplete line, whose last word, which may be empty, is to be completed.
CommandLine parse_partial_command_line(CLI::App& root, const std::vector<std::string>& words);

/// Parses a complete line, in which a flag without its value is an error.
CommandLine parse_command_line(CLI::App& root, const std::vector<std::string>& words);

/// True for a flag that needs a value, such as --timeout, and false for one such as --wait.
bool takes_value(const CLI::Option& flag);

/// The flag as pflag prints it: "-A, --all-namespaces".
std::string flag_display_name(const CLI::Option& flag);

/// pflag's message for an invalid value, without the reason.
std::string invalid_argument_message(const CLI::Option& flag, const std::string& value);

/// Stores the values of the global flags on the line. Ignores invalid values.
void apply_global_flags(CLI::App& root, const CommandLine& line);

/// Converts a line without errors to CLI11's arguments: each flag by its long name with its value, and all
/// other arguments after "--".
std::vector<std::string> to_cli11_arguments(const CommandLine& line);

}  // namespace egress::cli
