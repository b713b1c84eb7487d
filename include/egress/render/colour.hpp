#pragma once

#include <string>

namespace egress::render {

/// What a word looks like on a terminal.
enum class Colour { none, green, yellow, bold_yellow, red, cyan };

/// The text in that colour (ECMA-48, SGR); as it is where there is none.
std::string painted(const std::string& text, Colour colour);

/// A unified diff with what goes in red and what comes in green.
std::string painted_diff(const std::string& diff);

/// Whether there are colours at all.
class Palette {
 public:
  explicit Palette(bool on = false) : on_(on) {}
  bool on() const { return on_; }
  /// The colour, or none.
  Colour operator()(Colour colour) const { return on_ ? colour : Colour::none; }

 private:
  bool on_;
};

/// Whether a stream gets colours: `when` is "auto", "always" or "never", and "auto" asks for a terminal, for
/// TERM to be set and not "dumb", and for NO_COLOR to be empty or not set (no-color.org).
bool wants_colours(const std::string& when, bool is_terminal);

}  // namespace egress::render
