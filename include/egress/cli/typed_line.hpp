#pragma once

#include <CLI/CLI.hpp>

#include <string>
#include <utility>
#include <vector>

namespace egress::cli {

/// A command line that somebody is still typing, read up to the cursor as pflag reads it. What is wrong with
/// it is passed over.
struct TypedLine {
  CLI::App* command = nullptr;                              ///< none, as long as none was typed
  std::vector<std::pair<CLI::Option*, std::string>> flags;  ///< with their values, in the order of typing
  std::vector<std::string> names;  ///< the words behind the command that are no flags
  CLI::Option* awaited = nullptr;  ///< the flag whose value is being typed
  bool in_flag = false;            ///< the name of a flag is being typed
  std::string begun;               ///< what is there of the word, or of the flag's value

  bool has(const CLI::Option* flag) const;
  /// The last value of a flag of the command, or what counts without it.
  std::string value_of(const std::string& flag) const;
};

/// Reads the words; the last one is the one being typed, and may be empty.
TypedLine read_line(CLI::App& root, const std::vector<std::string>& words);

/// True for a flag that a value must follow: `--timeout 5s`, and not `--wait`.
bool takes_value(const CLI::Option& flag);

/// Gives the flags of every command on the line their effect. What cannot be read has none.
void apply_global_flags(CLI::App& root, const TypedLine& line);

}  // namespace egress::cli
