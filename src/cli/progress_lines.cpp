#include "egress/cli/progress_lines.hpp"

#include <algorithm>
#include <ostream>
#include <utility>

#include "egress/base/text.hpp"

namespace egress::cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds redraw_interval{100};
constexpr seconds first_print_delay{2};
constexpr seconds print_interval{10};
constexpr std::size_t max_lines = 10;
constexpr std::size_t max_text_length = 500;

/// False for the continuation bytes of UTF-8.
bool begins_character(char byte) {
  return (static_cast<unsigned char>(byte) & 0xc0U) != 0x80U;
}

std::string first_characters(const std::string& text, std::size_t count) {
  std::size_t end = 0;
  for (; end < text.size(); ++end)
    if (begins_character(text[end]) && count-- == 0) break;
  return text.substr(0, end);
}

/// The text in one line. A server's response may be an HTML page.
std::string single_line(const std::string& text) {
  std::string line = printable(text, max_text_length);
  std::ranges::replace_if(
      line, [](char c) { return c == '\n' || c == '\t'; }, ' ');
  return line;
}

}  // namespace

ProgressLines::ProgressLines(std::ostream& out, Measure measure, Clock clock)
    : out_(out), measure_(std::move(measure)), clock_(std::move(clock)) {}

void ProgressLines::set(const std::string& name, const std::string& raw_text) {
  const std::string text = single_line(raw_text);
  const auto line = std::ranges::find(lines_, name, &Line::name);
  if (line == lines_.end())
    lines_.push_back({name, text, clock_(), clock_() + first_print_delay, {}});
  else
    line->text = text;
  tick();
}

void ProgressLines::remove(const std::string& name) {
  clear();
  std::erase_if(lines_, [&](const Line& line) { return line.name == name; });
}

/// Counts the rows with the current width, because a narrower terminal has wrapped the lines.
void ProgressLines::clear() {
  if (drawn_.empty()) return;
  const auto size = measure_();
  const std::size_t columns = std::max<std::size_t>(size ? size->columns : 80, 1);
  std::size_t rows = 0;
  for (const std::size_t width : drawn_) rows += std::max<std::size_t>((width + columns - 1) / columns, 1);
  out_ << '\r';
  if (rows > 1) out_ << "\x1b[" << rows - 1 << 'A';
  out_ << "\x1b[J" << std::flush;
  drawn_.clear();
}

void ProgressLines::tick() {
  const auto size = measure_();
  if (!size) return print();
  const auto now = clock_();
  if (!drawn_.empty() && now - drawn_at_ < redraw_interval) return;
  draw(*size);
  drawn_at_ = now;
}

void ProgressLines::draw(TerminalSize size) {
  clear();
  const std::size_t max_shown = std::clamp<std::size_t>(size.rows / 2, 1, max_lines);
  const std::size_t count = std::min(lines_.size(), max_shown);
  for (std::size_t i = lines_.size() - count; i < lines_.size(); ++i) {
    // Leave the last column free, because some terminals wrap when it is written.
    const std::string text = first_characters(format(lines_[i]), std::max<std::size_t>(size.columns, 2) - 1);
    out_ << (drawn_.empty() ? "" : "\n") << text;
    drawn_.push_back(static_cast<std::size_t>(std::ranges::count_if(text, begins_character)));
  }
  out_ << std::flush;
}

void ProgressLines::print() {
  const auto now = clock_();
  for (Line& line : lines_) {
    if (line.text == line.printed_text || now < line.next_print) continue;
    line.printed_text = line.text;
    line.next_print = now + print_interval;
    out_ << line.name << ": " << line.text << '\n' << std::flush;
  }
}

std::string ProgressLines::format(const Line& line) const {
  const auto elapsed = std::chrono::floor<seconds>(clock_() - line.started).count();
  return line.name + ": " + line.text + ", " + std::to_string(elapsed) + "s";
}

}  // namespace egress::cli
