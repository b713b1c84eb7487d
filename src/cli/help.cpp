#include "egress/cli/help.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cctype>
#include <ostream>

#include "egress/base/text.hpp"
#include "egress/cli/typed_line.hpp"

namespace egress::cli {
namespace {

const std::string program = "kubectl egress";
/// CLI11's own group, of flags that are put into no other.
const std::string ungrouped = "Options";

bool takes_several(const CLI::Option& option) {
  return option.get_multi_option_policy() == CLI::MultiOptionPolicy::TakeAll;
}

/// As kubectl writes it: a text in quotes, a number, a time or a truth value without.
std::string standard_of(const CLI::Option& option) {
  const std::string text = option.get_default_str();
  if (option.get_expected_max() == 0 && text.empty()) return "false";
  if (takes_several(option)) return text.empty() ? "[]" : text;
  const bool is_word = text == "true" || text == "false";
  const bool is_number = !text.empty() && std::isdigit(static_cast<unsigned char>(text.front())) != 0;
  return is_word || is_number ? text : "'" + text + "'";
}

FlagHelp flag_help(const CLI::Option& option) {
  return {names_of(option), standard_of(option), option.get_description()};
}

/// In the order of their declaration, but those without a heading of their own last.
std::vector<FlagGroup> flag_groups(const CLI::App& app) {
  std::vector<FlagGroup> groups;
  FlagGroup rest{ungrouped, {}};
  for (const CLI::Option* option : app.get_options()) {
    if (!option->nonpositional() || option == app.get_help_ptr()) continue;
    const std::string& title = option->get_group();
    auto group = std::ranges::find(groups, title, &FlagGroup::title);
    if (title == ungrouped)
      rest.flags.push_back(flag_help(*option));
    else if (group != groups.end())
      group->flags.push_back(flag_help(*option));
    else
      groups.push_back({title, {flag_help(*option)}});
  }
  if (!rest.flags.empty()) groups.push_back(std::move(rest));
  return groups;
}

/// "NAME", "[NAME]" or "[NAME...]": the words that stand behind the command.
std::string words_of(const CLI::App& app) {
  std::string words;
  for (const CLI::Option* option : app.get_options()) {
    if (!option->get_positional()) continue;
    const std::string word = option->get_name(true) + (takes_several(*option) ? "..." : "");
    words += option->get_required() ? word + " " : "[" + word + "] ";
  }
  return words;
}

/// A flag a paragraph: its names, and below what it does.
std::string flag_lines(const std::vector<FlagHelp>& flags) {
  std::string lines;
  for (const FlagHelp& flag : flags)
    lines += "    " + flag.names + "=" + flag.standard + ":\n\t" + flag.description + "\n\n";
  return lines;
}

std::string command_lines(const std::vector<Help>& commands) {
  std::string lines = "Commands:\n";
  for (const Help& command : commands) {
    constexpr std::size_t column = 16;
    const std::size_t gap = column - std::min(column - 1, command.name.size());
    lines += "  " + command.name + std::string(gap, ' ') + command.sentence + "\n";
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
  help.sentence = app.get_description();
  help.aliases = app.get_aliases();
  help.usage =
      help.full_name() + " " + (command.words.empty() ? words_of(app) : command.words + " ") + "[options]";
  help.examples = app.get_footer();
  help.exit_status = command.exit_status;
  help.groups = flag_groups(app);
  return help;
}

Help read_help(const CLI::App& root, const std::vector<Command>& commands) {
  Help help;
  help.sentence = root.get_description();
  help.usage = program + " COMMAND [options]";
  help.examples = root.get_footer();
  help.exit_status =
      "0: done. 1: failed, and stderr says why. Some commands have more to say; see their pages.";
  help.groups = flag_groups(root);
  for (const Command& command : commands)
    if (!command.app->get_group().empty()) help.commands.push_back(read_help(command));
  return help;
}

std::string help_text(const Help& help) {
  const bool is_root = !help.commands.empty();
  std::string text = help.sentence + ".\n\n";
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
  FlagSet flags = FlagSet::add_command(root, "options", "List the flags that every command takes");
  // Help names it below, not among the commands.
  flags.hide();
  flags.set_examples("  kubectl egress options");
  return {flags.app(), [&root, &session] {
            session.out() << options_text(read_help(root, {}));
            return 0;
          }};
}

}  // namespace egress::cli
