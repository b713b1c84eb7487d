#include "egress/render/tab_writer.hpp"

#include <algorithm>
#include <utility>

#include "egress/base/text.hpp"

namespace egress::render {
namespace {

constexpr std::size_t padding = 3;
constexpr std::size_t min_width = 6;

/// Counts characters as Go does: each invalid byte is one.
std::size_t character_count(std::string_view text) {
  std::size_t count = 0;
  for (; !text.empty(); ++count) text.remove_prefix(std::max<std::size_t>(utf8_length(text), 1));
  return count;
}

}  // namespace

std::string TabWriter::align(std::string_view text) {
  std::vector<Line> lines;
  while (!text.empty()) {
    // A form feed ends a line as well.
    const std::size_t end = std::min(text.find_first_of("\n\f"), text.size());
    Line& line = lines.emplace_back();
    std::string cells(text.substr(0, end));
    std::ranges::replace(cells, '\v', '\t');
    line = split(cells, '\t');
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  format(lines, 0, lines.size());
  return std::exchange(out_, {});
}

/// Formats the first column without a width, for each block of consecutive lines that have it. The last cell
/// of a line belongs to no column.
void TabWriter::format(const std::vector<Line>& lines, std::size_t first, std::size_t last) {
  const std::size_t column = widths_.size();
  const auto has_column = [&](std::size_t line) { return column + 1 < lines[line].size(); };
  for (std::size_t i = first; i < last; ++i) {
    if (!has_column(i)) continue;
    write(lines, first, i);
    first = i;
    std::size_t widest = min_width;
    for (; i < last && has_column(i); ++i)
      widest = std::max(widest, character_count(lines[i][column]) + padding);
    if (max_widths_.size() <= column) max_widths_.resize(column + 1, 0);
    widest = max_widths_[column] = std::max(widest, max_widths_[column]);
    widths_.push_back(widest);
    format(lines, first, i);
    widths_.pop_back();
    first = i;
  }
  write(lines, first, last);
}

void TabWriter::write(const std::vector<Line>& lines, std::size_t first, std::size_t last) {
  for (std::size_t i = first; i < last; ++i) {
    const Line& line = lines[i];
    for (std::size_t j = 0; j < line.size(); ++j) {
      out_ += line[j];
      if (j + 1 < line.size() && j < widths_.size()) out_.append(widths_[j] - character_count(line[j]), ' ');
    }
    out_ += '\n';
  }
}

}  // namespace egress::render
