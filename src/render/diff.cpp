#include "egress/render/diff.hpp"

#include <algorithm>
#include <vector>

#include "egress/base/text.hpp"

namespace egress::render {
namespace {

constexpr std::size_t around = 3;

/// One line of the diff: ' ' in both, '-' in the first alone, '+' in the second alone.
struct Line {
  char sign;
  std::string text;
};

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines = split(text, '\n');
  if (!lines.empty() && lines.back().empty()) lines.pop_back();
  return lines;
}

/// By the longest common subsequence; what both begin and end with is taken off first, for most of a manifest
/// stays as it is.
std::vector<Line> compared(const std::vector<std::string>& a, const std::vector<std::string>& b) {
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
  std::vector<Line> all;
  for (std::size_t i = 0; i < head; ++i) all.push_back({' ', a[i]});
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < rows || j < columns) {
    if (i < rows && j < columns && a[head + i] == b[head + j]) {
      all.push_back({' ', a[head + i]});
      ++i, ++j;
    } else if (i < rows && (j == columns || longest[i + 1][j] >= longest[i][j + 1])) {
      all.push_back({'-', a[head + i++]});
    } else {
      all.push_back({'+', b[head + j++]});
    }
  }
  for (std::size_t k = a.size() - tail; k < a.size(); ++k) all.push_back({' ', a[k]});
  return all;
}

std::string range(std::size_t first, std::size_t count) {
  return std::to_string(count == 0 ? first : first + 1) + (count == 1 ? "" : "," + std::to_string(count));
}

/// The lines from `begin` to `end` under their head.
std::string hunk(const std::vector<Line>& all, std::size_t begin, std::size_t end) {
  auto counted = [&](std::size_t from, std::size_t to, char sign) {
    return static_cast<std::size_t>(std::count_if(
        all.begin() + static_cast<std::ptrdiff_t>(from), all.begin() + static_cast<std::ptrdiff_t>(to),
        [&](const Line& line) { return line.sign == ' ' || line.sign == sign; }));
  };
  std::string text = "@@ -" + range(counted(0, begin, '-'), counted(begin, end, '-')) + " +" +
                     range(counted(0, begin, '+'), counted(begin, end, '+')) + " @@\n";
  for (std::size_t i = begin; i < end; ++i) text += all[i].sign + all[i].text + "\n";
  return text;
}

}  // namespace

std::string unified_diff(const std::string& first_name, const std::string& first,
                         const std::string& second_name, const std::string& second) {
  const std::vector<Line> all = compared(lines_of(first), lines_of(second));
  std::string text;
  for (std::size_t at = 0; at < all.size();) {
    if (all[at].sign == ' ') {
      ++at;
      continue;
    }
    // Changes whose surroundings touch share a hunk.
    std::size_t end = at;
    for (std::size_t i = at; i < all.size() && i <= end + 2 * around; ++i)
      if (all[i].sign != ' ') end = i;
    const std::size_t from = at < around ? 0 : at - around;
    const std::size_t to = std::min(end + 1 + around, all.size());
    text += hunk(all, from, to);
    at = end + 1;
  }
  if (text.empty()) return text;
  return "--- " + first_name + "\n+++ " + second_name + "\n" + text;
}

}  // namespace egress::render
