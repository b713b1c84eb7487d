#include "egress/render/colour.hpp"

#include <algorithm>
#include <cstdlib>
#include <string_view>

namespace egress::render {
namespace {

const char* code(Colour colour) {
  switch (colour) {
    case Colour::none:
      return "";
    case Colour::green:
      return "32";
    case Colour::yellow:
      return "33";
    case Colour::bold_yellow:
      return "33;1";
    case Colour::red:
      return "31";
    case Colour::cyan:
      return "36";
  }
  return "";
}

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

Colour line_colour(const std::string& line) {
  if (line.starts_with("@@")) return Colour::cyan;
  if (line.starts_with("-")) return Colour::red;
  return line.starts_with("+") ? Colour::green : Colour::none;
}

}  // namespace

std::string colourize(const std::string& text, Colour colour) {
  return colour == Colour::none ? text : std::string("\x1b[") + code(colour) + "m" + text + "\x1b[0m";
}

std::string colourize_diff(const std::string& diff) {
  std::string text;
  for (std::size_t begin = 0; begin < diff.size();) {
    const std::size_t end = std::min(diff.find('\n', begin), diff.size());
    const std::string line = diff.substr(begin, end - begin);
    text += colourize(line, line_colour(line)) + "\n";
    begin = end + 1;
  }
  return text;
}

bool wants_colours(const std::string& when, bool is_terminal) {
  if (when != "auto") return when == "always";
  const std::string_view terminal = environment("TERM");
  return is_terminal && environment("NO_COLOR").empty() && !terminal.empty() && terminal != "dumb";
}

}  // namespace egress::render
