#include "egress/base/text.hpp"

#include <algorithm>
#include <numeric>

namespace egress {
namespace {

/// Levenshtein's distance, where two neighbours that changed places are one mistake.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> second_above(b.size() + 1);
  std::vector<std::size_t> above(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(above.begin(), above.end(), 0);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, replaced});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], second_above[j - 2] + 1);
    }
    second_above.swap(above);
    above.swap(row);
  }
  return above.back();
}

}  // namespace

std::string join(std::span<const std::string> parts, std::string_view separator) {
  std::string joined;
  for (const std::string& part : parts) {
    if (&part != &parts.front()) joined += separator;
    joined += part;
  }
  return joined;
}

std::string lower(std::string_view text) {
  std::string small(text);
  for (char& letter : small)
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  return small;
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t at = text.find(separator);
    parts.emplace_back(text.substr(0, at));
    if (at == std::string_view::npos) break;
    text.remove_prefix(at + 1);
    if (text.empty()) parts.emplace_back();
  }
  return parts;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::size_t utf8_length(std::string_view text) {
  if (text.empty()) return 0;
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xc0U) != 0x80U) return 0;
  // Too long for what they say, a surrogate, or beyond Unicode.
  const bool wrong = (first == 0xe0 && byte(1) < 0xa0) || (first == 0xed && byte(1) > 0x9f) ||
                     (first == 0xf0 && byte(1) < 0x90) || (first == 0xf4 && byte(1) > 0x8f);
  return wrong ? 0 : length;
}

std::string printable(std::string_view text, std::size_t limit) {
  std::string shown;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t length = utf8_length(text.substr(at));
    if (at + std::max<std::size_t>(length, 1) > limit) return shown + "…";
    const std::string_view character = text.substr(at, std::max<std::size_t>(length, 1));
    const auto byte = static_cast<unsigned char>(character.front());
    // Two bytes c2 80 to c2 9f are the control characters that an 8-bit terminal obeys.
    const bool high_control = byte == 0xc2 && static_cast<unsigned char>(character.back()) < 0xa0;
    if (length == 0 || high_control)
      shown += "\ufffd";
    else if (length > 1 || byte == '\n' || byte == '\t' || (byte >= 0x20 && byte != 0x7f))
      shown += character;
    else
      shown += {'^', static_cast<char>(byte ^ 0x40)};
    at += character.size();
  }
  return shown;
}

std::string nearest(std::string_view typed, std::span<const std::string> words) {
  std::string best;
  std::size_t least = std::max<std::size_t>(typed.size() / 3, 1) + 1;
  for (const std::string& word : words) {
    const std::size_t away = distance(typed, word);
    if (away < least) {
      least = away;
      best = word;
    }
  }
  if (!best.empty() || typed.size() < 2) return best;
  const auto begun = std::ranges::find_if(words, [&](const auto& word) { return word.starts_with(typed); });
  return begun == words.end() ? "" : *begun;
}

}  // namespace egress
