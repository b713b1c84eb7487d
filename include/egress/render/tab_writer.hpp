#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace egress::render {

/// Aligns tab-separated cells in columns as kubectl's tabwriter does (cli-runtime 1.36,
/// printers/tabwriter.go; liggitt/tabwriter): three blanks between columns, at least six characters wide,
/// never narrower than in earlier text. A column ends at the first line without it.
class TabWriter {
 public:
  /// The text in columns; it must end with a newline.
  std::string align(std::string_view text);

 private:
  using Line = std::vector<std::string>;

  void format(const std::vector<Line>& lines, std::size_t first, std::size_t last);
  void write(const std::vector<Line>& lines, std::size_t first, std::size_t last);

  std::vector<std::size_t> widths_;      ///< widths of the columns to the left
  std::vector<std::size_t> max_widths_;  ///< the largest width of each column so far
  std::string out_;
};

}  // namespace egress::render
