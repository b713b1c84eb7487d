#include "egress/cli/help.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cctype>
#include <ostream>

#include "egress/base/text.hpp"
#include "egress/cli/command_line.hpp"

namespace egress::cli {
namespace {

const std::string program = "kubectl egress";
/// CLI11's default group, for flags without a heading.
const std::string ungrouped = "Options";

bool accepts_multiple(const CLI::Option& option) {
  return option.get_multi_option_policy() == CLI::MultiOptionPolicy::TakeAll;
}

/// The default as kubectl writes it: text in quotes; numbers, durations and booleans without.
std::string default_value_text(const CLI::Option& option) {
  const std::string text = option.get_default_str();
  if (option.get_expected_max() == 0 && text.empty()) return "false";
  if (accepts_multiple(option)) return text.empty() ? "[]" : text;
  const bool is_boolean = text == "true" || text == "false";
  const bool is_number = !text.empty() && std::isdigit(static_cast<unsigned char>(text.front())) != 0;
  return is_boolean || is_number ? text : "'" + text + "'";
}

FlagHelp flag_help(const CLI::Option& option) {
  return {flag_display_name(option), default_value_text(option), option.get_description()};
}

/// The flags by heading, in the order of declaration; flags without a heading come last.
std::vector<FlagGroup> flag_groups(const CLI::App& app) {
  std::vector<FlagGroup> groups;
  FlagGroup other_flags{ungrouped, {}};
  for (const CLI::Option* option : app.get_options()) {
    if (!option->nonpositional() || option == app.get_help_ptr()) continue;
    const std::string& title = option->get_group();
    auto group = std::ranges::find(groups, title, &FlagGroup::title);
    if (title == ungrouped)
      other_flags.flags.push_back(flag_help(*option));
    else if (group != groups.end())
      group->flags.push_back(flag_help(*option));
    else
      groups.push_back({title, {flag_help(*option)}});
  }
  if (!other_flags.flags.empty()) groups.push_back(std::move(other_flags));
  return groups;
}

/// The arguments in a usage line: "NAME", "[NAME]" or "[NAME...]".
std::string positional_usage(const CLI::App& app) {
  std::string words;
  for (const CLI::Option* option : app.get_options()) {
    if (!option->get_positional()) continue;
    const std::string word = option->get_name(true) + (accepts_multiple(*option) ? "..." : "");
    words += option->get_required() ? word + " " : "[" + word + "] ";
  }
  return words;
}

/// One paragraph per flag: its names, and its description on the next line.
std::string flag_lines(const std::vector<FlagHelp>& flags) {
  std::string lines;
  for (const FlagHelp& flag : flags)
    lines += "    " + flag.names + "=" + flag.default_value + ":\n\t" + flag.description + "\n\n";
  return lines;
}

std::string command_lines(const std::vector<Help>& commands) {
  std::string lines = "Commands:\n";
  for (const Help& command : commands) {
    constexpr std::size_t column = 16;
    const std::size_t gap = column - std::min(column - 1, command.name.size());
    lines += "  " + command.name + std::string(gap, ' ') + command.summary + "\n";
  }
  return lines + "\n";
}

std::string usage_lines(const Help& help) {
  std::string lines = "Usage:\n  " + help.usage + "\n\n";
  if (!help.commands.empty())
    lines += "Use \"" + program + " COMMAND --help\" for more information about a given command.\n";
  return lines + "Use \"" + program +
         " options\" for a list of global command-line options (applies to all commands).\n";
}

}  // namespace

std::string Help::full_name() const {
  return name.empty() ? program : program + " " + name;
}

std::string Help::page_name() const {
  return name.empty() ? "kubectl-egress" : "kubectl-egress-" + name;
}

Help read_help(const Command& command) {
  const CLI::App& app = *command.app;
  Help help;
  help.name = app.get_name();
  help.summary = app.get_description();
  help.aliases = app.get_aliases();
  help.usage = help.full_name() + " " +
               (command.usage.empty() ? positional_usage(app) : command.usage + " ") + "[options]";
  help.examples = app.get_footer();
  help.exit_status = command.exit_status;
  help.groups = flag_groups(app);
  return help;
}

Help read_help(const CLI::App& root, const std::vector<Command>& commands) {
  Help help;
  help.summary = root.get_description();
  help.usage = program + " COMMAND [options]";
  help.examples = root.get_footer();
  help.exit_status = "0: success. 1: failure (see stderr). The pages of some commands define more codes.";
  help.groups = flag_groups(root);
  for (const Command& command : commands)
    if (!command.app->get_group().empty()) help.commands.push_back(read_help(command));
  return help;
}

std::string help_text(const Help& help) {
  const bool is_root = !help.commands.empty();
  std::string text = help.summary + ".\n\n";
  if (is_root) text += command_lines(help.commands);
  if (!help.aliases.empty()) {
    std::vector<std::string> names = help.aliases;
    names.insert(names.begin(), help.name);
    text += "Aliases:\n" + join(names, ", ") + "\n\n";
  }
  if (!help.examples.empty()) text += "Examples:\n" + help.examples + "\n\n";
  if (!is_root)
    for (const FlagGroup& group : help.groups) text += group.title + ":\n" + flag_lines(group.flags);
  return text + usage_lines(help);
}

std::string usage_text(const Help& root) {
  return command_lines(root.commands) + usage_lines(root);
}

std::string options_text(const Help& root) {
  std::string text = "The following options can be passed to any command:\n\n";
  for (const FlagGroup& group : root.groups) text += flag_lines(group.flags);
  text.pop_back();
  return text;
}

Command options_command(CLI::App& root, Session& session) {
  FlagSet flags = FlagSet::add_command(root, "options", "List the global command-line options");
  // Help mentions it at the end, as kubectl does, not in the list of commands.
  flags.hide();
  flags.set_examples("  kubectl egress options");
  return {flags.app(), [&root, &session] {
            session.out() << options_text(read_help(root, {}));
            return 0;
          }};
}

}  // namespace egress::cli
