#include "egress/cli/usage_errors.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <iterator>

#include "egress/base/go_text.hpp"
#include "egress/base/text.hpp"

namespace egress::cli {
namespace {

/// A flag of kubectl that is not supported here, and what to do instead.
struct UnsupportedFlag {
  std::string_view flag;
  std::string_view hint;
};

constexpr std::string_view kustomize_hint = "use 'kubectl kustomize FOLDER | kubectl egress apply -f -'. ";
constexpr std::array unsupported_flags{
    UnsupportedFlag{
        "--field-manager",
        "omit the flag; the field manager is always kubectl-egress, to detect changes by others. "},
    UnsupportedFlag{"--template", "use -o jsonpath=TEMPLATE. "},
    UnsupportedFlag{"--kustomize", kustomize_hint},
    UnsupportedFlag{"-k", kustomize_hint},
};

std::string usage_hint(const CommandLine& line) {
  const std::string command = line.command != nullptr ? " " + line.command->get_name()
                              : line.is_help_command  ? " help"
                                                      : "";
  return "See 'kubectl egress" + command + " --help' for usage.";
}

std::vector<std::string> command_names(const CLI::App& root) {
  std::vector<std::string> names;
  for (const CLI::App* app : root.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(app->get_name());
    std::ranges::copy(app->get_aliases(), std::back_inserter(names));
  }
  return names;
}

std::vector<std::string> long_flag_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options())
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  return names;
}

std::string did_you_mean(const std::string& typed, const std::vector<std::string>& words) {
  const std::string suggestion = closest_match(typed, words);
  return suggestion.empty() ? "" : "did you mean \"" + suggestion + "\"? ";
}

std::string flag_hint(const CLI::App& root, const CommandLine& line, const std::string& flag) {
  const auto unsupported = std::ranges::find(unsupported_flags, flag, &UnsupportedFlag::flag);
  if (unsupported != unsupported_flags.end()) return std::string(unsupported->hint);
  // A single letter is close to any other.
  if (!flag.starts_with("--")) return {};
  std::vector<std::string> flags = long_flag_names(root);
  if (line.command != nullptr) std::ranges::move(long_flag_names(*line.command), std::back_inserter(flags));
  return did_you_mean(flag, flags);
}

/// The error of Go's strconv.ParseInt for a text that is not a number, or is out of range.
std::string parse_int_error(const std::string& text) {
  const std::size_t sign = text.starts_with('-') || text.starts_with('+') ? 1 : 0;
  const bool is_integer =
      text.size() > sign && std::all_of(text.begin() + static_cast<std::ptrdiff_t>(sign), text.end(),
                                        [](unsigned char c) { return std::isdigit(c) != 0; });
  return "strconv.ParseInt: parsing " + go_quote(printable(text, 100)) +
         (is_integer ? ": value out of range" : ": invalid syntax");
}

/// Translates CLI11's "Could not convert: --port = http" into pflag's message. CLI11 converts only numbers.
std::string conversion_error(const CLI::App& root, const CommandLine& line, const std::string& message) {
  const std::size_t name = message.find("--");
  const std::size_t equals = message.find(" = ", name);
  if (name == std::string::npos || equals == std::string::npos) return printable(message);
  const std::string flag = message.substr(name, equals - name);
  const std::string value = message.substr(equals + 3);
  const CLI::Option* option = line.command != nullptr ? line.command->get_option_no_throw(flag) : nullptr;
  if (option == nullptr) option = root.get_option_no_throw(flag);
  return option != nullptr ? invalid_argument_message(*option, value) + ": " + parse_int_error(value)
                           : printable(message);
}

}  // namespace

UsageError usage_error(const CLI::App& root, const CommandLine& line, const FlagError& error) {
  const std::string hint = error.unknown_flag.empty() ? "" : flag_hint(root, line, error.unknown_flag);
  return UsageError(error.message, hint + usage_hint(line));
}

UsageError unknown_command_error(const CLI::App& root, const std::string& word) {
  return UsageError("unknown command \"" + printable(word, 100) + "\" for \"kubectl egress\"",
                    did_you_mean(word, command_names(root)) + usage_hint({}));
}

UsageError unexpected_argument_error(const CommandLine& line, const std::string& word) {
  return UsageError("unexpected argument \"" + printable(word, 300) + "\"", usage_hint(line));
}

UsageError usage_error(const CLI::App& root, const CommandLine& line, const CLI::ParseError& error) {
  const auto remaining = root.remaining(true);
  if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr && !remaining.empty())
    return unexpected_argument_error(line, remaining.front());
  if (dynamic_cast<const CLI::ConversionError*>(&error) != nullptr)
    return UsageError(conversion_error(root, line, error.what()), usage_hint(line));
  return UsageError(printable(error.what()), usage_hint(line));
}

}  // namespace egress::cli
