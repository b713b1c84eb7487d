#pragma once

#include <string>

namespace egress::render {

/// A text colour of a terminal.
enum class Colour { none, green, yellow, bold_yellow, red, cyan };

/// The text in the colour (ECMA-48, SGR); unchanged for Colour::none.
std::string colourize(const std::string& text, Colour colour);

/// A unified diff with removed lines in red and added lines in green.
std::string colourize_diff(const std::string& diff);

/// Passes colours through, or drops them if colours are disabled.
class Palette {
 public:
  explicit Palette(bool is_enabled = false) : is_enabled_(is_enabled) {}
  bool is_enabled() const { return is_enabled_; }
  /// The colour; Colour::none if colours are disabled.
  Colour operator()(Colour colour) const { return is_enabled_ ? colour : Colour::none; }

 private:
  bool is_enabled_;
};

/// True if a stream gets colours. `when` is "auto", "always" or "never"; "auto" requires a terminal, a TERM
/// other than "dumb", and an empty or unset NO_COLOR (no-color.org).
bool wants_colours(const std::string& when, bool is_terminal);

}  // namespace egress::render
