#include "egress/base/text.hpp"
#include "egress/cli/help.hpp"
#include "egress/cli/roff.hpp"

namespace egress::cli {
namespace {

std::string synopsis(const Help& help) {
  const std::string name = help.full_name();
  return roff::heading("SYNOPSIS") + roff::bold(name) + roff::escape(help.usage.substr(name.size())) + "\n";
}

std::string description(const Help& help) {
  std::string text = roff::heading("DESCRIPTION") + roff::escape(help.summary) + ".\n";
  if (!help.aliases.empty()) text += ".PP\nAliases: " + roff::escape(join(help.aliases, ", ")) + ".\n";
  return text;
}

std::string commands(const Help& help) {
  if (help.commands.empty()) return {};
  std::string text = roff::heading("COMMANDS");
  for (const Help& command : help.commands)
    text += ".TP\n" + roff::bold(command.page_name()) + "(1)\n" + roff::escape(command.summary) + ".\n";
  return text;
}

std::string options(const Help& help) {
  std::string text = roff::heading("OPTIONS");
  for (const FlagGroup& group : help.groups) {
    if (help.groups.size() > 1) text += ".SS " + roff::escape(group.title) + "\n";
    for (const FlagHelp& flag : group.flags)
      text += ".TP\n" + roff::bold(flag.names) + "=" + roff::escape(flag.default_value) + "\n" +
              roff::escape(flag.description) + ".\n";
  }
  if (help.commands.empty())
    text += ".PP\nThe global options are described in " + roff::bold("kubectl-egress") + "(1).\n";
  return text;
}

/// Each comment becomes a paragraph, and each command a line that is not filled.
std::string examples(const Help& help) {
  std::string text = roff::heading("EXAMPLES");
  for (const std::string& line : split(help.examples, '\n')) {
    const std::string text_line(trim(line));
    if (text_line.starts_with("# "))
      text += ".PP\n" + roff::escape(text_line.substr(2)) + ":\n";
    else if (!text_line.empty())
      text += ".PP\n.RS 4\n.nf\n" + roff::escape(text_line) + "\n.fi\n.RE\n";
  }
  return text;
}

std::string see_also(const Help& help) {
  return roff::heading("SEE ALSO") + (help.commands.empty() ? roff::bold("kubectl-egress") + "(1), " : "") +
         roff::bold("kubectl") + "(1)\n";
}

}  // namespace

std::string man_page(const Help& help) {
  return roff::title(help.page_name(), 1) + roff::heading("NAME") + roff::escape(help.page_name()) + " \\- " +
         roff::escape(help.summary) + "\n" + synopsis(help) + description(help) + commands(help) +
         options(help) + examples(help) + roff::heading("EXIT STATUS") + roff::escape(help.exit_status) +
         "\n" + see_also(help);
}

}  // namespace egress::cli
