#pragma once

#include <string>
#include <utility>
#include <vector>

#include "egress/render/colour.hpp"

namespace egress::render {

/// A cell of a table. It is as wide as its text, whatever its colour.
struct Cell {
  // Mostly it is just a text.
  Cell(std::string its_text, Colour its_colour = Colour::none)  // NOLINT(google-explicit-constructor)
      : text(std::move(its_text)), colour(its_colour) {}
  Cell(const char* its_text) : text(its_text) {}  // NOLINT(google-explicit-constructor)

  std::string text;
  Colour colour = Colour::none;
};

using Row = std::vector<Cell>;

/// Rows as kubectl prints a table: columns left-aligned, three blanks between them, none at the end of a
/// line; an empty cell reads `<none>`, and control characters are shown.
std::string table(const std::vector<Row>& rows);

/// The same for rows that come bit by bit: a column never gets narrower than it was.
class Table {
 public:
  std::string lines(const std::vector<Row>& rows);

 private:
  std::vector<std::size_t> widths_;
};

/// "Name:   value" lines, the values in one column; lines with an empty value are left out.
std::string fields(const std::vector<std::pair<std::string, Cell>>& pairs);

/// The text with every line moved in.
std::string indented(const std::string& text, std::size_t by);

}  // namespace egress::render
