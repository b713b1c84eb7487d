#pragma once

#include <string>
#include <vector>

namespace egress::render {

/// Rows as kubectl prints a table: columns left-aligned, three blanks between them, none at the end of a
/// line; an empty cell reads `<none>`, and control characters are shown.
std::string table(const std::vector<std::vector<std::string>>& rows);

/// The same for rows that come bit by bit: a column never gets narrower than it was.
class Table {
 public:
  std::string lines(const std::vector<std::vector<std::string>>& rows);

 private:
  std::vector<std::size_t> widths_;
};

/// "Name:   value" lines, the values in one column; lines with an empty value are left out.
std::string fields(const std::vector<std::pair<std::string, std::string>>& pairs);

/// The text with every line moved in.
std::string indented(const std::string& text, std::size_t by);

}  // namespace egress::render
