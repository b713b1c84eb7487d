#include "egress/cli/refusal.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <iterator>

#include "egress/base/go_text.hpp"
#include "egress/base/text.hpp"

namespace egress::cli {
namespace {

/// A flag of kubectl's that makes no sense here, and why.
struct Senseless {
  std::string_view flag;
  std::string_view why;
};

constexpr std::string_view for_kustomize =
    "Give what Kustomize makes as a file: kubectl kustomize FOLDER | kubectl egress apply -f - . ";
constexpr std::array senseless{
    Senseless{"--field-manager",
              "Objects are written under the one name kubectl-egress, by which it knows what others changed "
              "of them. Leave the flag out. "},
    Senseless{"--template", "-o jsonpath=TEMPLATE has it behind the sign of equality. "},
    Senseless{"--kustomize", for_kustomize},
    Senseless{"-k", for_kustomize},
};

std::string see(const TypedLine& line) {
  const std::string of = line.command != nullptr ? " " + line.command->get_name()
                         : line.asks_for_help    ? " help"
                                                 : "";
  return "See 'kubectl egress" + of + " --help' for usage.";
}

std::vector<std::string> command_names(const CLI::App& root) {
  std::vector<std::string> names;
  for (const CLI::App* app : root.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(app->get_name());
    std::ranges::copy(app->get_aliases(), std::back_inserter(names));
  }
  return names;
}

std::vector<std::string> flag_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options())
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  return names;
}

std::string did_you_mean(const std::string& typed, const std::vector<std::string>& words) {
  const std::string meant = nearest(typed, words);
  return meant.empty() ? "" : "Did you mean " + meant + " ? ";
}

std::string instead_of(const CLI::App& root, const TypedLine& line, const std::string& flag) {
  const auto known = std::ranges::find(senseless, flag, &Senseless::flag);
  if (known != senseless.end()) return std::string(known->why);
  // A letter is near to any other.
  if (!flag.starts_with("--")) return {};
  std::vector<std::string> flags = flag_names(root);
  if (line.command != nullptr) std::ranges::move(flag_names(*line.command), std::back_inserter(flags));
  return did_you_mean(flag, flags);
}

/// What strconv.ParseInt of Go says of a text that is no number, or too large a one.
std::string no_number(const std::string& text) {
  const std::size_t sign = text.starts_with('-') || text.starts_with('+') ? 1 : 0;
  const bool digits =
      text.size() > sign && std::all_of(text.begin() + static_cast<std::ptrdiff_t>(sign), text.end(),
                                        [](unsigned char c) { return std::isdigit(c) != 0; });
  return "strconv.ParseInt: parsing " + go_quoted(printable(text, 100)) +
         (digits ? ": value out of range" : ": invalid syntax");
}

/// CLI11's "Could not convert: --port = http" in pflag's words: all flags that it converts are numbers.
std::string unreadable_value(const CLI::App& root, const TypedLine& line, const std::string& said) {
  const std::size_t name = said.find("--");
  const std::size_t equals = said.find(" = ", name);
  if (name == std::string::npos || equals == std::string::npos) return printable(said);
  const std::string flag = said.substr(name, equals - name);
  const std::string value = said.substr(equals + 3);
  const CLI::Option* option = line.command != nullptr ? line.command->get_option_no_throw(flag) : nullptr;
  if (option == nullptr) option = root.get_option_no_throw(flag);
  return option != nullptr ? refused_value(*option, value) + ": " + no_number(value) : printable(said);
}

}  // namespace

UsageError refusal(const CLI::App& root, const TypedLine& line, const Misread& fault) {
  const std::string instead = fault.unknown.empty() ? "" : instead_of(root, line, fault.unknown);
  return UsageError(fault.why, instead + see(line));
}

UsageError unknown_command(const CLI::App& root, const std::string& word) {
  return UsageError("unknown command \"" + printable(word, 100) + "\" for \"kubectl egress\"",
                    did_you_mean(word, command_names(root)) + see({}));
}

UsageError unexpected_argument(const TypedLine& line, const std::string& word) {
  return UsageError("unexpected argument \"" + printable(word, 300) + "\"", see(line));
}

UsageError refusal(const CLI::App& root, const TypedLine& line, const CLI::ParseError& error) {
  const auto left = root.remaining(true);
  if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr && !left.empty())
    return unexpected_argument(line, left.front());
  if (dynamic_cast<const CLI::ConversionError*>(&error) != nullptr)
    return UsageError(unreadable_value(root, line, error.what()), see(line));
  return UsageError(printable(error.what()), see(line));
}

}  // namespace egress::cli
