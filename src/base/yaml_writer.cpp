#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "egress/base/go_text.hpp"
#include "egress/base/text.hpp"
#include "egress/base/yaml.hpp"
#include "egress/base/yaml_style.hpp"

namespace egress {
namespace {

/// Behind this column a line ends at the next blank.
constexpr std::size_t best_width = 80;

/// A longer key is written behind a "?".
constexpr std::size_t longest_simple_key = 128;

constexpr std::size_t step = 2;

/// Of a UTF-8 character; of a byte that is none, the byte.
std::uint32_t code_point(std::string_view character) {
  const auto first = static_cast<unsigned char>(character.front());
  if (character.size() == 1) return first;
  std::uint32_t code = first & (0xffU >> (character.size() + 1));
  for (const char c : character.substr(1)) code = code << 6U | (static_cast<unsigned char>(c) & 0x3fU);
  return code;
}

/// The escape of a character in double quotes, the shortest that there is.
std::string escape_of(std::string_view character) {
  constexpr std::array<std::pair<std::string_view, char>, 14> letters{{
      {std::string_view("\0", 1), '0'},
      {"\a", 'a'},
      {"\b", 'b'},
      {"\t", 't'},
      {"\n", 'n'},
      {"\v", 'v'},
      {"\f", 'f'},
      {"\r", 'r'},
      {"\x1b", 'e'},
      {"\"", '"'},
      {"\\", '\\'},
      {"\u0085", 'N'},
      {"\u2028", 'L'},
      {"\u2029", 'P'},
  }};
  const auto known = std::ranges::find(letters, character, [](const auto& one) { return one.first; });
  if (known != letters.end()) return {'\\', known->second};
  const std::uint32_t code = code_point(character);
  const std::size_t digits = code <= 0xff ? 2 : code <= 0xffff ? 4 : 8;
  std::string escape{'\\', digits == 2 ? 'x' : digits == 4 ? 'u' : 'U'};
  for (std::size_t i = digits; i-- > 0;) escape += "0123456789ABCDEF"[(code >> (4 * i)) & 0xfU];
  return escape;
}

/// A whole number is one, however it was written; any other has its shortest form.
std::string number(const Json& json) {
  if (json.is_integer()) return json.dump();
  const double value = json.as_number();
  if (std::isnan(value)) return ".nan";
  if (std::isinf(value)) return value < 0 ? "-.inf" : ".inf";
  constexpr double least_integer = -9223372036854775808.0;
  constexpr double beyond_integers = 18446744073709551616.0;
  const bool whole = value == std::trunc(value) && value > least_integer && value < beyond_integers;
  return whole ? go_json_number(value == 0 ? 0 : value) : go_number(value);
}

/// Writes as go-yaml's emitter does (go.yaml.in/yaml/v2, emitterc.go).
class Writer {
 public:
  std::string take() { return std::move(out_); }

  void document(const Json& json) {
    if (is_block(json))
      block(json, 0, false);
    else
      scalar_line(json, step);
  }

 private:
  static bool is_block(const Json& json) {
    return (json.is_array() && !json.items().empty()) || (json.is_object() && !json.members().empty());
  }

  void put(std::string_view character) {
    out_ += character;
    column_ = character == "\n" ? 0 : column_ + 1;
  }

  /// ASCII on one line.
  void put_all(std::string_view text) {
    out_ += text;
    column_ += text.size();
  }

  /// At the begin of a line.
  void indent(std::size_t depth) {
    out_.append(depth, ' ');
    column_ = depth;
  }

  void go_on_below(std::size_t depth) {
    put("\n");
    indent(depth);
  }

  /// A map or a sequence; inline_first where its first line goes on after "- ", "? " or ": ".
  void block(const Json& json, std::size_t depth, bool inline_first) {
    for (const Json& item : json.items()) {
      if (!std::exchange(inline_first, false)) indent(depth);
      put_all("- ");
      if (is_block(item))
        block(item, depth + step, true);
      else
        scalar_line(item, depth + step);
    }
    for (const auto& [key, member] : json.members()) {
      if (!std::exchange(inline_first, false)) indent(depth);
      const bool simple = key.size() <= longest_simple_key && key.find('\n') == std::string::npos;
      if (simple)
        simple_member(key, member, depth);
      else
        long_member(key, member, depth);
    }
  }

  void simple_member(const std::string& key, const Json& member, std::size_t depth) {
    write(key, depth, false);
    put(":");
    if (!is_block(member)) {
      put(" ");
      return scalar_line(member, depth + step);
    }
    put("\n");
    // A sequence stands at its key's own column; a map two further in.
    block(member, member.is_array() ? depth : depth + step, false);
  }

  void long_member(const std::string& key, const Json& member, std::size_t depth) {
    put_all("? ");
    write(key, depth + step, true);
    if (column_ > 0) put("\n");
    indent(depth);
    put_all(": ");
    if (is_block(member))
      block(member, depth + step, true);
    else
      scalar_line(member, depth + step);
  }

  void scalar_line(const Json& json, std::size_t depth) {
    if (json.is_array())
      put_all("[]");
    else if (json.is_object())
      put_all("{}");
    else if (json.is_number())
      put_all(number(json));
    else if (json.is_string())
      write(json.as_string(), depth, true);
    else
      put_all(json.dump());
    if (column_ > 0) put("\n");
  }

  /// Lines that it goes on in are indented by `depth`.
  void write(const std::string& text, std::size_t depth, bool may_go_on) {
    switch (yaml_style(text)) {
      case YamlStyle::plain:
        return words(text, depth, may_go_on, [this](std::string_view character) { put(character); });
      case YamlStyle::single_quoted:
        put("'");
        words(text, depth, may_go_on, [this](std::string_view character) {
          if (character == "'") put("'");
          put(character);
        });
        return put("'");
      case YamlStyle::double_quoted:
        return double_quoted(text, depth, may_go_on);
      case YamlStyle::literal:
        return literal(text, depth);
    }
  }

  /// Beyond the width, a single blank between two words becomes the end of a line.
  template <typename Put>
  void words(const std::string& text, std::size_t depth, bool may_go_on, Put put_character) {
    const std::string_view rest = text;
    for (std::size_t at = 0; at < rest.size();) {
      const std::size_t length = std::max<std::size_t>(utf8_length(rest.substr(at)), 1);
      const bool between = rest[at] == ' ' && at > 0 && at + 1 < rest.size() && rest[at - 1] != ' ';
      if (may_go_on && between && column_ > best_width && rest[at + 1] != ' ')
        go_on_below(depth);
      else
        put_character(rest.substr(at, length));
      at += length;
    }
  }

  /// Beyond the width, the first of the blanks between two words becomes the end of a line.
  void double_quoted(const std::string& text, std::size_t depth, bool may_go_on) {
    put("\"");
    const std::string_view rest = text;
    bool after_blank = false;
    for (std::size_t at = 0; at < rest.size();) {
      const std::string_view character =
          rest.substr(at, std::max<std::size_t>(utf8_length(rest.substr(at)), 1));
      if (character == "\"" || character == "\\" || needs_yaml_escape(character)) {
        put_all(escape_of(character));
      } else if (character == " " && may_go_on && !after_blank && column_ > best_width && at > 0 &&
                 at + 1 < rest.size()) {
        go_on_below(depth);
        if (rest[at + 1] == ' ') put("\\");
      } else {
        put(character);
      }
      after_blank = character == " ";
      at += character.size();
    }
    put("\"");
  }

  void literal(const std::string& text, std::size_t depth) {
    put("|");
    if (text.front() == ' ' || text.front() == '\n') put("2");
    const bool ends_line = text.ends_with('\n');
    if (!ends_line)
      put("-");
    else if (text.size() == 1 || text.ends_with("\n\n"))
      put("+");
    put("\n");
    const std::string_view rest = text;
    for (std::size_t from = 0; from < rest.size();) {
      const std::size_t end = std::min(rest.find('\n', from), rest.size());
      if (end > from) indent(depth);
      out_ += rest.substr(from, end - from);
      column_ += end - from;
      if (end < rest.size()) put("\n");
      from = end + 1;
    }
  }

  std::string out_;
  std::size_t column_ = 0;
};

}  // namespace

std::string to_yaml(const Json& json) {
  Writer writer;
  writer.document(json);
  return writer.take();
}

std::string to_yaml(const std::vector<Json>& documents) {
  std::string out;
  for (const Json& document : documents) {
    if (!out.empty()) out += "---\n";
    out += to_yaml(document);
  }
  return out;
}

}  // namespace egress
