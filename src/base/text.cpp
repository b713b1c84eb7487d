#include "egress/base/text.hpp"

#include <algorithm>
#include <numeric>

namespace egress {
namespace {

/// Levenshtein's distance, where two neighbours that changed places are one mistake.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row_before_last(b.size() + 1);
  std::vector<std::size_t> last_row(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(last_row.begin(), last_row.end(), 0);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = last_row[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last_row[j] + 1, row[j - 1] + 1, replaced});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], row_before_last[j - 2] + 1);
    }
    row_before_last.swap(last_row);
    last_row.swap(row);
  }
  return last_row.back();
}

}  // namespace

std::string join(std::span<const std::string> parts, std::string_view separator) {
  std::string result;
  for (const std::string& part : parts) {
    if (&part != &parts.front()) result += separator;
    result += part;
  }
  return result;
}

std::string to_lower(std::string_view text) {
  std::string result(text);
  for (char& letter : result)
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  return result;
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

std::string_view trim(std::string_view text) {
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
  const bool is_invalid = (first == 0xe0 && byte(1) < 0xa0) || (first == 0xed && byte(1) > 0x9f) ||
                          (first == 0xf0 && byte(1) < 0x90) || (first == 0xf4 && byte(1) > 0x8f);
  return is_invalid ? 0 : length;
}

std::string printable(std::string_view text, std::size_t limit) {
  std::string result;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t length = utf8_length(text.substr(at));
    if (at + std::max<std::size_t>(length, 1) > limit) return result + "…";
    const std::string_view character = text.substr(at, std::max<std::size_t>(length, 1));
    const auto byte = static_cast<unsigned char>(character.front());
    // Two bytes c2 80 to c2 9f are the control characters that an 8-bit terminal obeys.
    const bool high_control = byte == 0xc2 && static_cast<unsigned char>(character.back()) < 0xa0;
    if (length == 0 || high_control)
      result += "\ufffd";
    else if (length > 1 || byte == '\n' || byte == '\t' || (byte >= 0x20 && byte != 0x7f))
      result += character;
    else
      result += {'^', static_cast<char>(byte ^ 0x40)};
    at += character.size();
  }
  return result;
}

std::string closest_match(std::string_view typed, std::span<const std::string> words) {
  std::string best;
  std::size_t best_distance = std::max<std::size_t>(typed.size() / 3, 1) + 1;
  for (const std::string& word : words) {
    const std::size_t current = distance(typed, word);
    if (current < best_distance) {
      best_distance = current;
      best = word;
    }
  }
  if (!best.empty() || typed.size() < 2) return best;
  const auto prefix_match =
      std::ranges::find_if(words, [&](const auto& word) { return word.starts_with(typed); });
  return prefix_match == words.end() ? "" : *prefix_match;
}

}  // namespace egress
