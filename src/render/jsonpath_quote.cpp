#include "egress/render/jsonpath_quote.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <utility>

namespace egress::render::jsonpath {
namespace {

/// Nothing where it is no character.
std::string utf8(std::uint32_t code) {
  auto tail = [](std::uint32_t bits) { return static_cast<char>(0x80U | (bits & 0x3fU)); };
  if (code < 0x80) return {static_cast<char>(code)};
  if (code < 0x800) return {static_cast<char>(0xc0U | code >> 6U), tail(code)};
  if (code < 0x10000) return {static_cast<char>(0xe0U | code >> 12U), tail(code >> 6U), tail(code)};
  return {static_cast<char>(0xf0U | code >> 18U), tail(code >> 12U), tail(code >> 6U), tail(code)};
}

bool is_character(std::uint32_t code) {
  return code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
}

/// Reads escapes from the front of a text; nothing where there is none that Go knows.
class Escapes {
 public:
  Escapes(std::string_view& rest, char quote) : rest_(rest), quote_(quote) {}

  /// Behind the backslash.
  std::optional<std::string> read() {
    constexpr std::array<std::pair<char, char>, 8> letters{{{'a', '\a'},
                                                            {'b', '\b'},
                                                            {'f', '\f'},
                                                            {'n', '\n'},
                                                            {'r', '\r'},
                                                            {'t', '\t'},
                                                            {'v', '\v'},
                                                            {'\\', '\\'}}};
    if (rest_.empty()) return std::nullopt;
    const char c = rest_.front();
    for (const auto& [letter, meant] : letters)
      if (c == letter) return taken(1, std::string(1, meant));
    switch (c) {
      case '\'':
      case '"':
        return c == quote_ ? taken(1, std::string(1, c)) : std::nullopt;
      case 'x':
        return byte(1, 2, 16);
      case 'u':
        return character(4);
      case 'U':
        return character(8);
      default:
        return byte(0, 3, 8);
    }
  }

 private:
  std::optional<std::string> taken(std::size_t size, std::string text) {
    rest_.remove_prefix(size);
    return text;
  }

  std::optional<std::uint32_t> number(std::size_t from, std::size_t digits, int base) const {
    if (rest_.size() < from + digits) return std::nullopt;
    const char* first = rest_.data() + from;
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(first, first + digits, value, base);
    return error == std::errc() && end == first + digits ? std::optional(value) : std::nullopt;
  }

  std::optional<std::string> byte(std::size_t from, std::size_t digits, int base) {
    const auto value = number(from, digits, base);
    if (!value || *value > 0xff) return std::nullopt;
    return taken(from + digits, std::string(1, static_cast<char>(*value)));
  }

  std::optional<std::string> character(std::size_t digits) {
    const auto code = number(1, digits, 16);
    if (!code || !is_character(*code)) return std::nullopt;
    return taken(1 + digits, utf8(*code));
  }

  std::string_view& rest_;
  char quote_;
};

}  // namespace

std::optional<std::string> unquoted(std::string_view quoted) {
  if (quoted.size() < 2 || quoted.front() != quoted.back()) return std::nullopt;
  const char quote = quoted.front();
  std::string_view rest = quoted.substr(1, quoted.size() - 2);
  std::string text;
  while (!rest.empty()) {
    const char c = rest.front();
    if (c == quote) return std::nullopt;
    rest.remove_prefix(1);
    if (c != '\\') {
      text += c;
      continue;
    }
    const auto read = Escapes(rest, quote).read();
    if (!read) return std::nullopt;
    text += *read;
  }
  return text;
}

}  // namespace egress::render::jsonpath
