#pragma once

#include <string>
#include <utility>
#include <vector>

#include "egress/render/colour.hpp"

namespace egress::render {

/// A cell of a table. Its colour does not count towards its width.
struct Cell {
  // Most cells are plain text.
  Cell(std::string cell_text, Colour cell_colour = Colour::none)  // NOLINT(google-explicit-constructor)
      : text(std::move(cell_text)), colour(cell_colour) {}
  Cell(const char* cell_text) : text(cell_text) {}  // NOLINT(google-explicit-constructor)

  std::string text;
  Colour colour = Colour::none;
};

using Row = std::vector<Cell>;

/// Rows as kubectl prints a table: columns left-aligned, three blanks between them, none at the end of a
/// line. An empty cell becomes `<none>`; control characters are escaped.
std::string format_table(const std::vector<Row>& rows);

/// format_table() for rows that arrive in parts: a column never gets narrower than in an earlier part.
class Table {
 public:
  std::string format(const std::vector<Row>& rows);

 private:
  std::vector<std::size_t> widths_;
};

/// "Name:   value" lines with aligned values; fields with an empty value are left out.
std::string format_fields(const std::vector<std::pair<std::string, Cell>>& pairs);

/// The text with every line indented by `width` blanks; empty lines are left out.
std::string indent(const std::string& text, std::size_t width);

}  // namespace egress::render
