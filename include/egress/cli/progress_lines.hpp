#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

namespace egress::cli {

/// The size of a terminal, in characters.
struct TerminalSize {
  std::size_t rows = 24;
  std::size_t columns = 80;
};

/// Shows operations in progress. On a terminal, each has a line at the bottom, which is redrawn and finally
/// removed. Without a terminal, a line is printed after two seconds and, if its text has changed, every ten
/// seconds.
class ProgressLines {
 public:
  using Clock = std::function<std::chrono::steady_clock::time_point()>;
  /// Returns no size if there is no terminal or its cursor cannot be moved.
  using Measure = std::function<std::optional<TerminalSize>()>;

  ProgressLines(std::ostream& out, Measure measure, Clock clock = std::chrono::steady_clock::now);

  /// Sets the text of a line, which ends with the elapsed time; a new line is added at the end.
  void set(const std::string& name, const std::string& text);
  void remove(const std::string& name);

  /// Removes the lines from the terminal before other output; the next call draws them again.
  void clear();
  /// Updates the elapsed times; call it periodically.
  void tick();

 private:
  struct Line {
    std::string name;
    std::string text;
    std::chrono::steady_clock::time_point started;
    // Used without a terminal.
    std::chrono::steady_clock::time_point next_print;
    std::string printed_text;
  };

  void draw(TerminalSize size);
  void print();
  std::string format(const Line& line) const;

  std::ostream& out_;
  Measure measure_;
  Clock clock_;
  std::vector<Line> lines_;
  std::vector<std::size_t> drawn_;  ///< the widths of the lines on the terminal
  std::chrono::steady_clock::time_point drawn_at_{};
};

}  // namespace egress::cli
