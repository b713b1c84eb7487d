#include <algorithm>
#include <array>
#include <charconv>

#include "egress/base/go_text.hpp"
#include "egress/base/text.hpp"

namespace egress {
namespace {

std::string to_hex(unsigned value, std::size_t digits) {
  std::array<char, 8> text{};
  const auto written = std::to_chars(text.data(), text.data() + text.size(), value, 16);
  const std::string result(text.data(), written.ptr);
  return std::string(digits - std::min(digits, result.size()), '0') + result;
}

/// The escape of what Go does not print as it is; empty for other characters.
std::string escape(std::string_view character) {
  constexpr std::string_view letters = "abtnvfr";  // of 7 to 13
  const auto byte = static_cast<unsigned char>(character.front());
  if (byte == '"' || byte == '\\') return {'\\', character.front()};
  if (byte >= 7 && byte <= 13) return {'\\', letters[byte - 7U]};
  if (byte < 0x20 || byte == 0x7f) return "\\x" + to_hex(byte, 2);
  // U+0080 to U+00A0 and U+00AD
  if (byte == 0xc2) {
    const auto second = static_cast<unsigned char>(character.back());
    if (second <= 0xa0 || second == 0xad) return "\\u" + to_hex(second, 4);
  }
  if (character == "\u2028") return "\\u2028";
  if (character == "\u2029") return "\\u2029";
  if (character == "\ufeff") return "\\ufeff";
  return "";
}

/// Of a value whose keys are sorted.
std::string format(const Json& json) {
  if (json.is_null()) return "<nil>";
  if (json.is_string()) return json.as_string();
  if (json.is_number() && !json.is_integer()) return go_number(json.as_number());
  if (!json.is_array() && !json.is_object()) return json.dump();
  std::vector<std::string> parts;
  for (const Json& item : json.items()) parts.push_back(format(item));
  for (const auto& [key, value] : json.members()) parts.push_back(key + ":" + format(value));
  return (json.is_array() ? "[" : "map[") + join(parts, " ") + "]";
}

}  // namespace

std::string go_value(const Json& json) {
  return format(json.sorted());
}

std::string go_quote(std::string_view text) {
  std::string quoted = "\"";
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    if (length == 0) {
      quoted += "\\x" + to_hex(static_cast<unsigned char>(text.front()), 2);
    } else {
      const std::string escaped = escape(text.substr(0, length));
      quoted += escaped.empty() ? text.substr(0, length) : escaped;
    }
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return quoted + "\"";
}

}  // namespace egress
