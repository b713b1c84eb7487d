#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace egress::cli {

/// What may stand for a word that is begun, and for people what it means.
struct Candidate {
  std::string value;
  std::string description{};
};

/// What a shell does beside offering the candidates: the bits of cobra's directive (ShellCompDirective in its
/// completions.go, 1.10), with which kubectl and the shells' scripts read an answer.
namespace directive {

inline constexpr int files = 0;              ///< files, where no candidate fits
inline constexpr int no_space = 2;           ///< no blank behind the word: it goes on
inline constexpr int no_files = 4;           ///< nothing else
inline constexpr int files_that_end_so = 8;  ///< files alone; the candidates are the ends of their names

}  // namespace directive

/// The answer to a shell.
struct Completion {
  std::vector<Candidate> candidates{};
  int directive = directive::no_files;
};

/// True where a shell can be given the text as a word: no control character is in it, nor broken UTF-8.
bool is_one_word(const std::string& text);

/// Prints the answer as kubectl reads it: those candidates that go on from `begun`, each with its description
/// behind a tab, and the directive behind a colon on the last line. What would not be one word is left out.
void print(std::ostream& out, const Completion& completion, const std::string& begun);

}  // namespace egress::cli
