#include "egress/render/jsonpath_quote.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <utility>

namespace egress::render::jsonpath {
namespace {

/// `code` must be a character.
std::string encode_utf8(std::uint32_t code) {
  auto continuation = [](std::uint32_t bits) { return static_cast<char>(0x80U | (bits & 0x3fU)); };
  if (code < 0x80) return {static_cast<char>(code)};
  if (code < 0x800) return {static_cast<char>(0xc0U | code >> 6U), continuation(code)};
  if (code < 0x10000)
    return {static_cast<char>(0xe0U | code >> 12U), continuation(code >> 6U), continuation(code)};
  return {static_cast<char>(0xf0U | code >> 18U), continuation(code >> 12U), continuation(code >> 6U),
          continuation(code)};
}

bool is_character(std::uint32_t code) {
  return code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
}

/// Reads one of Go's escapes from the front of a text; nullopt if it is invalid.
class EscapeReader {
 public:
  EscapeReader(std::string_view& rest, char quote) : rest_(rest), quote_(quote) {}

  /// Starts after the backslash.
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
    for (const auto& [letter, value] : letters)
      if (c == letter) return consume(1, std::string(1, value));
    switch (c) {
      case '\'':
      case '"':
        return c == quote_ ? consume(1, std::string(1, c)) : std::nullopt;
      case 'x':
        return read_byte(1, 2, 16);
      case 'u':
        return read_character(4);
      case 'U':
        return read_character(8);
      default:
        return read_byte(0, 3, 8);
    }
  }

 private:
  std::optional<std::string> consume(std::size_t size, std::string text) {
    rest_.remove_prefix(size);
    return text;
  }

  std::optional<std::uint32_t> parse_number(std::size_t from, std::size_t digits, int base) const {
    if (rest_.size() < from + digits) return std::nullopt;
    const char* first = rest_.data() + from;
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(first, first + digits, value, base);
    return error == std::errc() && end == first + digits ? std::optional(value) : std::nullopt;
  }

  std::optional<std::string> read_byte(std::size_t from, std::size_t digits, int base) {
    const auto value = parse_number(from, digits, base);
    if (!value || *value > 0xff) return std::nullopt;
    return consume(from + digits, std::string(1, static_cast<char>(*value)));
  }

  std::optional<std::string> read_character(std::size_t digits) {
    const auto code = parse_number(1, digits, 16);
    if (!code || !is_character(*code)) return std::nullopt;
    return consume(1 + digits, encode_utf8(*code));
  }

  std::string_view& rest_;
  char quote_;
};

}  // namespace

std::optional<std::string> unquote(std::string_view quoted) {
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
    const auto escape = EscapeReader(rest, quote).read();
    if (!escape) return std::nullopt;
    text += *escape;
  }
  return text;
}

}  // namespace egress::render::jsonpath
