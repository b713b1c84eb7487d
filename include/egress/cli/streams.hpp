#pragma once

#include <functional>
#include <iosfwd>
#include <optional>
#include <string>

#include "egress/base/error.hpp"
#include "egress/cli/progress_lines.hpp"

namespace egress::cli {

/// The streams of a command: data goes to `out`, messages go to `err`.
struct Streams {
  std::ostream& out;
  std::ostream& err;
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  std::function<TerminalSize()> terminal_size = [] { return TerminalSize{}; };  ///< of the terminal of `err`
  /// The next word of standard input; empty at its end.
  std::function<std::string()> read_word = [] { return std::string(); };
};

}  // namespace egress::cli
