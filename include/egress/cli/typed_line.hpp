#pragma once

#include <string>
#include <utility>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace egress::cli {

/// What pflag (1.0.9) refuses of a command line.
struct Misread {
  std::string why;      ///< in its words
  std::string unknown;  ///< the flag that there is not, "--name" or "-n"; empty where it is something else
};

/// A command line, read as cobra and pflag read it. What is wrong with it is noted, and passed over.
struct TypedLine {
  CLI::App* command = nullptr;                              ///< none, as long as none was typed
  std::vector<std::pair<CLI::Option*, std::string>> flags;  ///< with their values, in the order of typing
  std::vector<std::string> names;  ///< the words beside the command that are no flags
  std::vector<Misread> faults;     ///< in the order of typing
  bool asks_for_help = false;      ///< `help`: the names say about what
  CLI::Option* awaited = nullptr;  ///< the flag whose value is being typed
  bool in_flag = false;            ///< the name of a flag is being typed
  std::string begun;               ///< what is there of the word, or of the flag's value

  bool has(const CLI::Option* flag) const;
  /// The last value of a flag of the command, or what counts without it.
  std::string value_of(const std::string& flag) const;
};

/// Reads the words of a line that somebody is still typing; the last one is the one being typed, and may be
/// empty.
TypedLine read_line(CLI::App& root, const std::vector<std::string>& words);

/// Reads the words of a line that is whole: a flag that waits for its value is a fault.
TypedLine read_whole_line(CLI::App& root, const std::vector<std::string>& words);

/// True for a flag that a value must follow: `--timeout 5s`, and not `--wait`.
bool takes_value(const CLI::Option& flag);

/// "-A, --all-namespaces", as pflag names a flag.
std::string names_of(const CLI::Option& flag);

/// pflag's words for a value that a flag does not take; why is not among them.
std::string refused_value(const CLI::Option& flag, const std::string& value);

/// Gives the flags of every command on the line their effect. What cannot be read has none.
void apply_global_flags(CLI::App& root, const TypedLine& line);

/// The words of a command line as CLI11 takes them: each flag by its long name with its value, and what is no
/// flag behind two hyphens. The line has no faults.
std::vector<std::string> as_cli11_reads(const TypedLine& line);

}  // namespace egress::cli
