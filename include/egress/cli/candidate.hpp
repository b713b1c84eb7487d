#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace egress::cli {

/// A completion of a word, with a description for users.
struct Candidate {
  std::string value;
  std::string description{};
};

/// The bits of cobra's ShellCompDirective (completions.go, 1.10), which tell kubectl and the shell scripts
/// how to use the candidates.
namespace directive {

inline constexpr int default_completion = 0;  ///< complete files if no candidate matches
inline constexpr int no_space = 2;            ///< add no space after the word
inline constexpr int no_file_comp = 4;        ///< do not complete files
inline constexpr int filter_file_ext = 8;     ///< complete files; the candidates are their extensions

}  // namespace directive

/// The response to a shell.
struct Completion {
  std::vector<Candidate> candidates{};
  int directive = directive::no_file_comp;
};

/// True if a shell can take the text as one word: not empty, no control characters, valid UTF-8.
bool is_shell_word(const std::string& text);

/// Prints the candidates that start with `to_complete` in kubectl's format: one per line, with the
/// description after a tab, and a last line with a colon and the directive. Omits candidates that are not
/// shell words.
void print(std::ostream& out, const Completion& completion, const std::string& to_complete);

}  // namespace egress::cli
