#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace egress::render {

/// Text with tabs between the cells of a line, in columns as kubectl's tabwriter puts them (cli-runtime 1.36,
/// printers/tabwriter.go; liggitt/tabwriter): three blanks between, at least six wide, as wide as that column
/// was in what was written before. A column goes on only as long as the lines have it.
class TabWriter {
 public:
  /// The text, which ends with a line's end, in columns.
  std::string lines(std::string_view text);

 private:
  using Line = std::vector<std::string>;

  void format(const std::vector<Line>& lines, std::size_t first, std::size_t last);
  void write(const std::vector<Line>& lines, std::size_t first, std::size_t last);

  std::vector<std::size_t> widths_;      ///< of the columns to the left
  std::vector<std::size_t> remembered_;  ///< of every column, the widest
  std::string out_;
};

}  // namespace egress::render
