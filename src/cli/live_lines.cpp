#include "egress/cli/live_lines.hpp"

#include <algorithm>
#include <ostream>
#include <utility>

#include "egress/base/text.hpp"

namespace egress::cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds between_drawings{100};
constexpr seconds until_said{2};
constexpr seconds until_said_again{10};
constexpr std::size_t most_lines = 10;
constexpr std::size_t longest_text = 500;

/// Continuation bytes of UTF-8 take no room.
bool begins_character(char byte) {
  return (static_cast<unsigned char>(byte) & 0xc0U) != 0x80U;
}

std::string first_characters(const std::string& text, std::size_t count) {
  std::size_t at = 0;
  for (; at < text.size(); ++at)
    if (begins_character(text[at]) && count-- == 0) break;
  return text.substr(0, at);
}

/// A server's answer may be a page of HTML.
std::string on_one_line(const std::string& text) {
  std::string line = printable(text, longest_text);
  std::ranges::replace_if(
      line, [](char c) { return c == '\n' || c == '\t'; }, ' ');
  return line;
}

}  // namespace

LiveLines::LiveLines(std::ostream& out, Measure measure, Clock clock)
    : out_(out), measure_(std::move(measure)), clock_(std::move(clock)) {}

void LiveLines::set(const std::string& name, const std::string& its_text) {
  const std::string text = on_one_line(its_text);
  const auto known = std::ranges::find(lines_, name, &Line::name);
  if (known == lines_.end())
    lines_.push_back({name, text, clock_(), clock_() + until_said, {}});
  else
    known->text = text;
  tick();
}

void LiveLines::remove(const std::string& name) {
  clear();
  std::erase_if(lines_, [&](const Line& one) { return one.name == name; });
}

/// A terminal that was made narrower has broken the lines since.
void LiveLines::clear() {
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

void LiveLines::tick() {
  const auto size = measure_();
  if (!size) return say();
  const auto now = clock_();
  if (!drawn_.empty() && now - drawn_at_ < between_drawings) return;
  draw(*size);
  drawn_at_ = now;
}

void LiveLines::draw(TerminalSize size) {
  clear();
  const std::size_t room = std::clamp<std::size_t>(size.rows / 2, 1, most_lines);
  const std::size_t count = std::min(lines_.size(), room);
  for (std::size_t i = lines_.size() - count; i < lines_.size(); ++i) {
    // In the last column some terminals go to the next line and some don't.
    const std::string text = first_characters(shown(lines_[i]), std::max<std::size_t>(size.columns, 2) - 1);
    out_ << (drawn_.empty() ? "" : "\n") << text;
    drawn_.push_back(static_cast<std::size_t>(std::ranges::count_if(text, begins_character)));
  }
  out_ << std::flush;
}

void LiveLines::say() {
  const auto now = clock_();
  for (Line& one : lines_) {
    if (one.text == one.said || now < one.due) continue;
    one.said = one.text;
    one.due = now + until_said_again;
    out_ << one.name << ": " << one.text << '\n' << std::flush;
  }
}

std::string LiveLines::shown(const Line& line) const {
  const auto passed = std::chrono::floor<seconds>(clock_() - line.since).count();
  return line.name + ": " + line.text + ", " + std::to_string(passed) + "s";
}

}  // namespace egress::cli
