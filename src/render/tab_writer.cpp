#include "egress/render/tab_writer.hpp"

#include <algorithm>
#include <utility>

#include "egress/base/text.hpp"

namespace egress::render {
namespace {

constexpr std::size_t padding = 3;
constexpr std::size_t min_width = 6;

/// Characters, as Go counts them: a byte that is none is one.
std::size_t width(std::string_view text) {
  std::size_t count = 0;
  for (; !text.empty(); ++count) text.remove_prefix(std::max<std::size_t>(utf8_length(text), 1));
  return count;
}

}  // namespace

std::string TabWriter::lines(std::string_view text) {
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

/// The column to the right of those whose width is known, in those lines: block by block of lines that have
/// it. The last cell of a line belongs to no column.
void TabWriter::format(const std::vector<Line>& lines, std::size_t first, std::size_t last) {
  const std::size_t column = widths_.size();
  const auto has_column = [&](std::size_t line) { return column + 1 < lines[line].size(); };
  for (std::size_t at = first; at < last; ++at) {
    if (!has_column(at)) continue;
    write(lines, first, at);
    first = at;
    std::size_t widest = min_width;
    for (; at < last && has_column(at); ++at) widest = std::max(widest, width(lines[at][column]) + padding);
    if (remembered_.size() <= column) remembered_.resize(column + 1, 0);
    widest = remembered_[column] = std::max(widest, remembered_[column]);
    widths_.push_back(widest);
    format(lines, first, at);
    widths_.pop_back();
    first = at;
  }
  write(lines, first, last);
}

void TabWriter::write(const std::vector<Line>& lines, std::size_t first, std::size_t last) {
  for (std::size_t at = first; at < last; ++at) {
    const Line& line = lines[at];
    for (std::size_t i = 0; i < line.size(); ++i) {
      out_ += line[i];
      if (i + 1 < line.size() && i < widths_.size()) out_.append(widths_[i] - width(line[i]), ' ');
    }
    out_ += '\n';
  }
}

}  // namespace egress::render
