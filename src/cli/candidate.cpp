#include "egress/cli/candidate.hpp"

#include <algorithm>
#include <ostream>

#include "egress/base/text.hpp"

namespace egress::cli {
namespace {

/// The first line of it.
std::string shown(const std::string& description) {
  std::string line = printable(description.substr(0, description.find('\n')));
  std::ranges::replace(line, '\t', ' ');
  return line;
}

}  // namespace

bool is_one_word(const std::string& text) {
  return !text.empty() && text.find_first_of("\t\n") == std::string::npos &&
         printable(text, text.size()) == text;
}

void print(std::ostream& out, const Completion& completion, const std::string& begun) {
  const bool ends = (completion.directive & directive::files_that_end_so) != 0;
  for (const Candidate& one : completion.candidates) {
    if (!is_one_word(one.value) || !(ends || one.value.starts_with(begun))) continue;
    out << one.value;
    if (!one.description.empty()) out << '\t' << shown(one.description);
    out << '\n';
  }
  out << ':' << completion.directive << '\n';
}

}  // namespace egress::cli
