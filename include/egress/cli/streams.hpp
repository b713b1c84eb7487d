#pragma once

#include <functional>
#include <iosfwd>
#include <optional>
#include <string>

#include "egress/base/error.hpp"
#include "egress/cli/live_lines.hpp"

namespace egress::cli {

/// Where a command writes: data to `out`, words for people to `err`.
struct Streams {
  std::ostream& out;
  std::ostream& err;
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  std::function<TerminalSize()> size = [] { return TerminalSize{}; };  ///< of the terminal behind `err`
  /// The next word of standard input; empty at its end.
  std::function<std::string()> answer = [] { return std::string(); };
};

}  // namespace egress::cli
