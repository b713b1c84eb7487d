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

/// What is under way, below everything else that is printed: on a terminal a line for each, which changes and
/// goes away; where there is none, a line when something has taken two seconds, and every ten seconds after
/// that if its text is another by then.
class LiveLines {
 public:
  using Clock = std::function<std::chrono::steady_clock::time_point()>;
  /// Nothing where there is no terminal that can move its cursor.
  using Measure = std::function<std::optional<TerminalSize>()>;

  LiveLines(std::ostream& out, Measure measure, Clock clock = std::chrono::steady_clock::now);

  /// The line of that name reads so from now on; a new one comes last. Behind it stands for how long.
  void set(const std::string& name, const std::string& text);
  void remove(const std::string& name);

  /// Takes the lines off the terminal, before anything else is printed; they come back with the next call.
  void clear();
  /// To be called now and then, for time passes.
  void tick();

 private:
  struct Line {
    std::string name;
    std::string text;
    std::chrono::steady_clock::time_point since;
    // Where there is no terminal.
    std::chrono::steady_clock::time_point due;
    std::string said;
  };

  void draw(TerminalSize size);
  void say();
  std::string shown(const Line& line) const;

  std::ostream& out_;
  Measure measure_;
  Clock clock_;
  std::vector<Line> lines_;
  std::vector<std::size_t> drawn_;  ///< how wide those are that stand on the terminal
  std::chrono::steady_clock::time_point drawn_at_{};
};

}  // namespace egress::cli
