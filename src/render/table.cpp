#include "egress/render/table.hpp"

#include <algorithm>

#include "egress/base/text.hpp"

namespace egress::render {
namespace {

constexpr std::size_t padding = 3;
constexpr std::size_t min_width = 6;

/// Characters, not bytes: the continuation bytes of UTF-8 take no room.
std::size_t width(const std::string& text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](unsigned char c) { return (c & 0xc0U) != 0x80U; }));
}

std::string shown(const Cell& cell) {
  if (cell.text.empty()) return "<none>";
  std::string shown = printable(cell.text);
  std::ranges::replace(shown, '\n', ' ');
  std::ranges::replace(shown, '\t', ' ');
  return shown;
}

}  // namespace

std::string table(const std::vector<Row>& rows) {
  return Table().lines(rows);
}

std::string Table::lines(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    widths_.resize(std::max(widths_.size(), row.size()), min_width);
    for (std::size_t i = 0; i < row.size(); ++i)
      widths_[i] = std::max(widths_[i], width(shown(row[i])) + padding);
  }
  std::string out;
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string text = shown(row[i]);
      out += painted(text, row[i].colour);
      if (i + 1 < row.size()) out.append(widths_[i] - width(text), ' ');
    }
    out += '\n';
  }
  return out;
}

std::string fields(const std::vector<std::pair<std::string, Cell>>& pairs) {
  std::size_t widest = 0;
  for (const auto& [name, value] : pairs) widest = std::max(widest, width(name));
  std::string out;
  for (const auto& [name, value] : pairs) {
    if (value.text.empty()) continue;
    out += name + ":";
    out.append(widest - width(name) + 2, ' ');
    out += painted(printable(value.text), value.colour) + "\n";
  }
  return out;
}

std::string indented(const std::string& text, std::size_t by) {
  std::string out;
  for (const std::string& line : split(text, '\n'))
    if (!line.empty()) out += std::string(by, ' ') + line + "\n";
  return out;
}

}  // namespace egress::render
