#include "egress/render/table.hpp"

#include <algorithm>

#include "egress/base/text.hpp"

namespace egress::render {
namespace {

constexpr std::size_t padding = 3;
constexpr std::size_t min_width = 6;

/// Counts characters: continuation bytes of UTF-8 do not count.
std::size_t character_count(const std::string& text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](unsigned char c) { return (c & 0xc0U) != 0x80U; }));
}

std::string cell_text(const Cell& cell) {
  if (cell.text.empty()) return "<none>";
  std::string text = printable(cell.text);
  std::ranges::replace(text, '\n', ' ');
  std::ranges::replace(text, '\t', ' ');
  return text;
}

}  // namespace

std::string format_table(const std::vector<Row>& rows) {
  return Table().format(rows);
}

std::string Table::format(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    widths_.resize(std::max(widths_.size(), row.size()), min_width);
    for (std::size_t i = 0; i < row.size(); ++i)
      widths_[i] = std::max(widths_[i], character_count(cell_text(row[i])) + padding);
  }
  std::string out;
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string text = cell_text(row[i]);
      out += colourize(text, row[i].colour);
      if (i + 1 < row.size()) out.append(widths_[i] - character_count(text), ' ');
    }
    out += '\n';
  }
  return out;
}

std::string format_fields(const std::vector<std::pair<std::string, Cell>>& pairs) {
  std::size_t widest = 0;
  for (const auto& [name, value] : pairs) widest = std::max(widest, character_count(name));
  std::string out;
  for (const auto& [name, value] : pairs) {
    if (value.text.empty()) continue;
    out += name + ":";
    out.append(widest - character_count(name) + 2, ' ');
    out += colourize(printable(value.text), value.colour) + "\n";
  }
  return out;
}

std::string indent(const std::string& text, std::size_t width) {
  std::string out;
  for (const std::string& line : split(text, '\n'))
    if (!line.empty()) out += std::string(width, ' ') + line + "\n";
  return out;
}

}  // namespace egress::render
