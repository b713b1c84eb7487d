#include "egress/render/diff.hpp"

#include <algorithm>
#include <vector>

#include "egress/base/text.hpp"

namespace egress::render {
namespace {

constexpr std::size_t context_lines = 3;

/// One line of the diff: ' ' in both texts, '-' only in the first, '+' only in the second.
struct Line {
  char sign;
  std::string text;
};

std::vector<std::string> split_lines(const std::string& text) {
  std::vector<std::string> lines = split(text, '\n');
  if (!lines.empty() && lines.back().empty()) lines.pop_back();
  return lines;
}

/// Finds the longest common subsequence. Skips the common head and tail first, because most of a manifest is
/// unchanged.
std::vector<Line> compare_lines(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  std::size_t head = 0;
  while (head < a.size() && head < b.size() && a[head] == b[head]) ++head;
  std::size_t tail = 0;
  while (tail + head < a.size() && tail + head < b.size() && a[a.size() - 1 - tail] == b[b.size() - 1 - tail])
    ++tail;
  const std::size_t rows = a.size() - head - tail;
  const std::size_t columns = b.size() - head - tail;
  std::vector<std::vector<std::size_t>> longest(rows + 1, std::vector<std::size_t>(columns + 1));
  for (std::size_t i = rows; i-- > 0;)
    for (std::size_t j = columns; j-- > 0;)
      longest[i][j] = a[head + i] == b[head + j] ? longest[i + 1][j + 1] + 1
                                                 : std::max(longest[i + 1][j], longest[i][j + 1]);
  std::vector<Line> lines;
  for (std::size_t i = 0; i < head; ++i) lines.push_back({' ', a[i]});
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < rows || j < columns) {
    if (i < rows && j < columns && a[head + i] == b[head + j]) {
      lines.push_back({' ', a[head + i]});
      ++i, ++j;
    } else if (i < rows && (j == columns || longest[i + 1][j] >= longest[i][j + 1])) {
      lines.push_back({'-', a[head + i++]});
    } else {
      lines.push_back({'+', b[head + j++]});
    }
  }
  for (std::size_t k = a.size() - tail; k < a.size(); ++k) lines.push_back({' ', a[k]});
  return lines;
}

std::string range(std::size_t first, std::size_t count) {
  return std::to_string(count == 0 ? first : first + 1) + (count == 1 ? "" : "," + std::to_string(count));
}

/// The hunk of the lines from `begin` to `end`, with its header.
std::string hunk(const std::vector<Line>& lines, std::size_t begin, std::size_t end) {
  auto count_lines = [&](std::size_t from, std::size_t to, char sign) {
    return static_cast<std::size_t>(std::count_if(
        lines.begin() + static_cast<std::ptrdiff_t>(from), lines.begin() + static_cast<std::ptrdiff_t>(to),
        [&](const Line& line) { return line.sign == ' ' || line.sign == sign; }));
  };
  std::string text = "@@ -" + range(count_lines(0, begin, '-'), count_lines(begin, end, '-')) + " +" +
                     range(count_lines(0, begin, '+'), count_lines(begin, end, '+')) + " @@\n";
  for (std::size_t i = begin; i < end; ++i) text += lines[i].sign + lines[i].text + "\n";
  return text;
}

}  // namespace

std::string unified_diff(const std::string& first_name, const std::string& first,
                         const std::string& second_name, const std::string& second) {
  const std::vector<Line> lines = compare_lines(split_lines(first), split_lines(second));
  std::string text;
  for (std::size_t change = 0; change < lines.size();) {
    if (lines[change].sign == ' ') {
      ++change;
      continue;
    }
    // Changes share a hunk if their context overlaps.
    std::size_t end = change;
    for (std::size_t i = change; i < lines.size() && i <= end + 2 * context_lines; ++i)
      if (lines[i].sign != ' ') end = i;
    const std::size_t from = change < context_lines ? 0 : change - context_lines;
    const std::size_t to = std::min(end + 1 + context_lines, lines.size());
    text += hunk(lines, from, to);
    change = end + 1;
  }
  if (text.empty()) return text;
  return "--- " + first_name + "\n+++ " + second_name + "\n" + text;
}

}  // namespace egress::render
