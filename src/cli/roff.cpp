#include "egress/cli/roff.hpp"

#include <cctype>

#include "egress/base/version.hpp"

namespace egress::cli::roff {
namespace {

std::string upper(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

}  // namespace

std::string escape(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
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
        escaped += c;
    }
  }
  return escaped.starts_with('.') ? "\\&" + escaped : escaped;
}

std::string bold(const std::string& text) {
  return "\\fB" + escape(text) + "\\fR";
}

std::string title(const std::string& page, int section) {
  const std::string version = "kubectl-egress " + std::string(program_version);
  return ".TH " + escape(upper(page)) + " " + std::to_string(section) + " \"\" \"" + escape(version) +
         "\" \"kubectl egress\"\n";
}

std::string heading(const std::string& title) {
  return ".SH " + title + "\n";
}

std::string definition(const std::string& term, const std::string& description) {
  return ".TP\n" + bold(term) + "\n" + escape(description) + "\n";
}

}  // namespace egress::cli::roff
