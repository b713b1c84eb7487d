#include <cctype>

#include "egress/base/program.hpp"
#include "egress/base/text.hpp"
#include "egress/cli/help.hpp"

// The language is groff_man(7)'s.

namespace egress::cli {
namespace {

/// Text that is printed as it stands: no character of it is a request, and a hyphen is the one that is typed.
std::string plain(const std::string& text) {
  std::string escaped;
  for (const char sign : text) {
    switch (sign) {
      case '\\':
        escaped += "\\e";
        break;
      case '-':
        escaped += "\\-";
        break;
      case '\'':
        escaped += "\\(aq";
        break;
      case '`':
        escaped += "\\(ga";
        break;
      case '^':
        escaped += "\\(ha";
        break;
      case '~':
        escaped += "\\(ti";
        break;
      case '"':
        escaped += "\\(dq";
        break;
      default:
        escaped += sign;
    }
  }
  return escaped.starts_with('.') ? "\\&" + escaped : escaped;
}

std::string bold(const std::string& text) {
  return "\\fB" + plain(text) + "\\fR";
}

std::string heading(const std::string& title) {
  return ".SH " + title + "\n";
}

std::string upper(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

std::string synopsis(const Help& help) {
  const std::string name = help.full_name();
  return heading("SYNOPSIS") + bold(name) + plain(help.usage.substr(name.size())) + "\n";
}

std::string description(const Help& help) {
  std::string text = heading("DESCRIPTION") + plain(help.sentence) + ".\n";
  if (!help.aliases.empty()) text += ".PP\nIts other names are " + plain(join(help.aliases, " and ")) + ".\n";
  return text;
}

std::string commands(const Help& help) {
  if (help.commands.empty()) return {};
  std::string text = heading("COMMANDS");
  for (const Help& command : help.commands)
    text += ".TP\n" + bold(command.page_name()) + "(1)\n" + plain(command.sentence) + ".\n";
  return text;
}

std::string options(const Help& help) {
  std::string text = heading("OPTIONS");
  for (const FlagGroup& group : help.groups) {
    if (help.groups.size() > 1) text += ".SS " + plain(group.title) + "\n";
    for (const FlagHelp& flag : group.flags)
      text +=
          ".TP\n" + bold(flag.names) + "=" + plain(flag.standard) + "\n" + plain(flag.description) + ".\n";
  }
  if (help.commands.empty())
    text += ".PP\nThe options of every command are in " + bold("kubectl-egress") + "(1).\n";
  return text;
}

/// A comment is a paragraph, and a command a line that is not filled.
std::string examples(const Help& help) {
  std::string text = heading("EXAMPLES");
  for (const std::string& line : split(help.examples, '\n')) {
    const std::string said(trimmed(line));
    if (said.starts_with("# "))
      text += ".PP\n" + plain(said.substr(2)) + ":\n";
    else if (!said.empty())
      text += ".PP\n.RS 4\n.nf\n" + plain(said) + "\n.fi\n.RE\n";
  }
  return text;
}

std::string see_also(const Help& help) {
  return heading("SEE ALSO") + (help.commands.empty() ? bold("kubectl-egress") + "(1), " : "") +
         bold("kubectl") + "(1)\n";
}

}  // namespace

std::string man_page(const Help& help) {
  const std::string version = "kubectl-egress " + std::string(program_version);
  return ".TH " + plain(upper(help.page_name())) + " 1 \"\" \"" + plain(version) + "\" \"kubectl egress\"\n" +
         heading("NAME") + plain(help.page_name()) + " \\- " + plain(help.sentence) + "\n" + synopsis(help) +
         description(help) + commands(help) + options(help) + examples(help) + heading("EXIT STATUS") +
         plain(help.exit_status) + "\n" + see_also(help);
}

}  // namespace egress::cli
