#pragma once

#include <string>
#include <utility>
#include <vector>

namespace egress {

/// A program to run, and what it is given.
struct Program {
  std::string command;  ///< a path where it has a slash, else a name that $PATH leads to
  std::vector<std::string> arguments{};
  std::vector<std::pair<std::string, std::string>> environment{};  ///< beside this process's own, or instead
  bool reads_stdin = false;                                        ///< it may read from standard input
  bool discards_stderr = false;                                    ///< its standard error goes nowhere
};

/// How a program ended, or why it did not even start.
struct ProcessResult {
  int status = 0;       ///< its exit code; 128 and the signal's number where one ended it
  int start_error = 0;  ///< an errno; ENOENT where there is no such program
  std::string output;   ///< what it wrote on standard output

  bool ok() const { return start_error == 0 && status == 0; }
};

/// Runs a program to its end, in this folder, and takes what it writes on standard output; what it writes on
/// standard error is for the user. An interruption is passed on to it. Throws Error where it writes more than
/// `limit` bytes or where no process can be had.
ProcessResult run_program(const Program& program, std::size_t limit = 1U << 20U);

/// The file that a program's name leads to, as execvp would find it; empty where there is none.
std::string find_program(const std::string& command);

}  // namespace egress
