#include "egress/base/utf16.hpp"

#include <cstdint>

namespace egress {
namespace {

constexpr std::string_view big_endian = "\xfe\xff";
constexpr std::string_view little_endian = "\xff\xfe";

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

bool is_between(std::uint32_t unit, std::uint32_t first, std::uint32_t end) {
  return unit >= first && unit < end;
}

}  // namespace

std::optional<std::string> utf16_to_utf8(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  const bool is_big_endian = text.starts_with(big_endian);
  const auto unit = [&](std::size_t at) -> std::uint32_t {
    const auto first = static_cast<unsigned char>(text[at]);
    const auto second = static_cast<unsigned char>(text[at + 1]);
    return is_big_endian ? first * 256U + second : second * 256U + first;
  };
  std::string result;
  for (std::size_t at = 2; at < text.size(); at += 2) {
    std::uint32_t character = unit(at);
    if (is_between(character, 0xd800, 0xe000)) {
      const std::uint32_t low = at + 2 < text.size() ? unit(at += 2) : 0;
      if (character >= 0xdc00 || !is_between(low, 0xdc00, 0xe000)) return std::nullopt;
      character = 0x10000 + (character - 0xd800) * 0x400 + (low - 0xdc00);
    }
    append(result, character);
  }
  return result;
}

bool has_utf16_bom(std::string_view text) {
  return text.starts_with(big_endian) || text.starts_with(little_endian);
}

}  // namespace egress
