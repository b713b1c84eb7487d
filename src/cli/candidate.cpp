#include "egress/cli/candidate.hpp"

#include <algorithm>
#include <ostream>

#include "egress/base/text.hpp"

namespace egress::cli {
namespace {

/// The first line of a description, printable and without tabs.
std::string first_line(const std::string& description) {
  std::string line = printable(description.substr(0, description.find('\n')));
  std::ranges::replace(line, '\t', ' ');
  return line;
}

}  // namespace

bool is_shell_word(const std::string& text) {
  return !text.empty() && text.find_first_of("\t\n") == std::string::npos &&
         printable(text, text.size()) == text;
}

void print(std::ostream& out, const Completion& completion, const std::string& to_complete) {
  const bool filters_files = (completion.directive & directive::filter_file_ext) != 0;
  for (const Candidate& candidate : completion.candidates) {
    if (!is_shell_word(candidate.value) || !(filters_files || candidate.value.starts_with(to_complete)))
      continue;
    out << candidate.value;
    if (!candidate.description.empty()) out << '\t' << first_line(candidate.description);
    out << '\n';
  }
  out << ':' << completion.directive << '\n';
}

}  // namespace egress::cli
