#include "egress/base/yaml_text.hpp"

#include <algorithm>
#include <cstdint>

#include "egress/base/error.hpp"
#include "egress/base/text.hpp"

namespace egress {
namespace {

[[noreturn]] void fail(std::size_t line, const std::string& why) {
  throw Error("invalid YAML at line " + std::to_string(line) + ": " + why);
}

/// Appends a character's UTF-8.
void append(std::string& text, std::uint32_t character) {
  const auto last_bits = [&](unsigned shift) {
    return static_cast<char>(0x80U | (character >> shift & 0x3fU));
  };
  if (character < 0x80) {
    text += static_cast<char>(character);
  } else if (character < 0x800) {
    text += {static_cast<char>(0xc0U | character >> 6U), last_bits(0)};
  } else if (character < 0x10000) {
    text += {static_cast<char>(0xe0U | character >> 12U), last_bits(6), last_bits(0)};
  } else {
    text += {static_cast<char>(0xf0U | character >> 18U), last_bits(12), last_bits(6), last_bits(0)};
  }
}

/// UTF-8 of UTF-16 whose bytes stand in that order, without its mark.
std::string from_utf16(std::string_view text, bool big_endian) {
  const auto unit = [&](std::size_t at) -> std::uint32_t {
    if (at + 2 > text.size()) fail(1, "it is not UTF-16");
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    return big_endian ? byte(at) * 256U + byte(at + 1) : byte(at + 1) * 256U + byte(at);
  };
  std::string converted;
  for (std::size_t at = 2; at < text.size(); at += 2) {
    std::uint32_t character = unit(at);
    if (character >= 0xd800 && character < 0xe000) {
      const std::uint32_t low = character < 0xdc00 ? unit(at += 2) : 0;
      if (low < 0xdc00 || low >= 0xe000) fail(1, "it is not UTF-16");
      character = 0x10000 + (character - 0xd800) * 0x400 + (low - 0xdc00);
    }
    append(converted, character);
  }
  return converted;
}

std::string with_line_feeds(std::string_view text) {
  std::string fed;
  fed.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool before_feed = i + 1 < text.size() && text[i + 1] == '\n';
    if (text[i] != '\r')
      fed += text[i];
    else if (!before_feed)
      fed += '\n';
  }
  return fed;
}

/// The controls of ASCII and those from U+0080 on, but for what parts lines and words.
bool is_control(std::string_view character) {
  const auto last = static_cast<unsigned char>(character.back());
  if (character.size() == 1) return (last < 0x20 && last != '\n' && last != '\t') || last == 0x7f;
  return character.front() == '\xc2' && last < 0xa0 && last != 0x85;
}

void check_characters(std::string_view text) {
  std::size_t line = 1;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = utf8_length(text.substr(at));
    if (length == 0) fail(line, "it is not UTF-8");
    if (is_control(text.substr(at, length))) fail(line, "control characters are not allowed");
    if (text[at] == '\n') ++line;
    at += length;
  }
}

/// Of what stands in front of the first document.
void check_version(std::string_view text) {
  for (std::size_t line = 1; !text.empty(); ++line) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1);
    const std::string_view words = text.substr(0, text.find_first_of("#\n"));
    if (words.starts_with("%YAML") && trimmed(words.substr(5)) != "1.1")
      fail(line, "found incompatible YAML document, it is to be of version 1.1");
    if (!words.starts_with('%') && !trimmed(words).empty()) return;
    text.remove_prefix(end + 1);
  }
}

}  // namespace

std::string prepared_yaml(std::string_view text) {
  const bool big_endian = text.starts_with("\xfe\xff");
  const bool wide = big_endian || text.starts_with("\xff\xfe");
  std::string prepared = with_line_feeds(wide ? from_utf16(text, big_endian) : text);
  check_characters(prepared);
  check_version(prepared);
  return prepared;
}

}  // namespace egress
