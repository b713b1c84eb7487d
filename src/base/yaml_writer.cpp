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
constexpr std::size_t max_width = 80;

/// A longer key is written behind a "?".
constexpr std::size_t max_simple_key = 128;

constexpr std::size_t indent_step = 2;

/// Of a UTF-8 character; of a byte that is none, the byte.
std::uint32_t code_point(std::string_view character) {
  const auto first = static_cast<unsigned char>(character.front());
  if (character.size() == 1) return first;
  std::uint32_t code = first & (0xffU >> (character.size() + 1));
  for (const char c : character.substr(1)) code = code << 6U | (static_cast<unsigned char>(c) & 0x3fU);
  return code;
}

/// The escape of a character in double quotes, the shortest that there is.
std::string escape(std::string_view character) {
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
  const auto letter = std::ranges::find(letters, character, [](const auto& entry) { return entry.first; });
  if (letter != letters.end()) return {'\\', letter->second};
  const std::uint32_t code = code_point(character);
  const std::size_t digits = code <= 0xff ? 2 : code <= 0xffff ? 4 : 8;
  std::string result{'\\', digits == 2 ? 'x' : digits == 4 ? 'u' : 'U'};
  for (std::size_t i = digits; i-- > 0;) result += "0123456789ABCDEF"[(code >> (4 * i)) & 0xfU];
  return result;
}

/// A whole number is one, however it was written; any other has its shortest form.
std::string format_number(const Json& json) {
  if (json.is_integer()) return json.dump();
  const double value = json.as_number();
  if (std::isnan(value)) return ".nan";
  if (std::isinf(value)) return value < 0 ? "-.inf" : ".inf";
  constexpr double min_integer = -9223372036854775808.0;
  constexpr double integer_limit = 18446744073709551616.0;
  const bool is_whole = value == std::trunc(value) && value > min_integer && value < integer_limit;
  return is_whole ? go_json_number(value == 0 ? 0 : value) : go_number(value);
}

/// Writes as go-yaml's emitter does (go.yaml.in/yaml/v2, emitterc.go).
class Writer {
 public:
  std::string result() { return std::move(out_); }

  void write_document(const Json& json) {
    if (is_block(json))
      write_block(json, 0, false);
    else
      write_scalar_line(json, indent_step);
  }

 private:
  static bool is_block(const Json& json) {
    return (json.is_array() && !json.items().empty()) || (json.is_object() && !json.members().empty());
  }

  void write_character(std::string_view character) {
    out_ += character;
    column_ = character == "\n" ? 0 : column_ + 1;
  }

  /// ASCII on one line.
  void write_ascii(std::string_view text) {
    out_ += text;
    column_ += text.size();
  }

  /// At the begin of a line.
  void indent(std::size_t depth) {
    out_.append(depth, ' ');
    column_ = depth;
  }

  void break_line(std::size_t depth) {
    write_character("\n");
    indent(depth);
  }

  /// A map or a sequence; starts_inline where its first line goes on after "- ", "? " or ": ".
  void write_block(const Json& json, std::size_t depth, bool starts_inline) {
    for (const Json& item : json.items()) {
      if (!std::exchange(starts_inline, false)) indent(depth);
      write_ascii("- ");
      if (is_block(item))
        write_block(item, depth + indent_step, true);
      else
        write_scalar_line(item, depth + indent_step);
    }
    for (const auto& [key, member] : json.members()) {
      if (!std::exchange(starts_inline, false)) indent(depth);
      const bool is_simple = key.size() <= max_simple_key && key.find('\n') == std::string::npos;
      if (is_simple)
        write_simple_member(key, member, depth);
      else
        write_long_member(key, member, depth);
    }
  }

  void write_simple_member(const std::string& key, const Json& member, std::size_t depth) {
    write_text(key, depth, false);
    write_character(":");
    if (!is_block(member)) {
      write_character(" ");
      return write_scalar_line(member, depth + indent_step);
    }
    write_character("\n");
    // A sequence stands at its key's own column; a map two further in.
    write_block(member, member.is_array() ? depth : depth + indent_step, false);
  }

  void write_long_member(const std::string& key, const Json& member, std::size_t depth) {
    write_ascii("? ");
    write_text(key, depth + indent_step, true);
    if (column_ > 0) write_character("\n");
    indent(depth);
    write_ascii(": ");
    if (is_block(member))
      write_block(member, depth + indent_step, true);
    else
      write_scalar_line(member, depth + indent_step);
  }

  void write_scalar_line(const Json& json, std::size_t depth) {
    if (json.is_array())
      write_ascii("[]");
    else if (json.is_object())
      write_ascii("{}");
    else if (json.is_number())
      write_ascii(format_number(json));
    else if (json.is_string())
      write_text(json.as_string(), depth, true);
    else
      write_ascii(json.dump());
    if (column_ > 0) write_character("\n");
  }

  /// Lines that it goes on in are indented by `depth`.
  void write_text(const std::string& text, std::size_t depth, bool can_wrap) {
    switch (yaml_style(text)) {
      case YamlStyle::plain:
        return write_words(text, depth, can_wrap,
                           [this](std::string_view character) { write_character(character); });
      case YamlStyle::single_quoted:
        write_character("'");
        write_words(text, depth, can_wrap, [this](std::string_view character) {
          if (character == "'") write_character("'");
          write_character(character);
        });
        return write_character("'");
      case YamlStyle::double_quoted:
        return write_double_quoted(text, depth, can_wrap);
      case YamlStyle::literal:
        return write_literal(text, depth);
    }
  }

  /// Beyond the width, a single blank between two words becomes the end of a line.
  template <typename Emit>
  void write_words(const std::string& text, std::size_t depth, bool can_wrap, Emit emit) {
    const std::string_view rest = text;
    for (std::size_t at = 0; at < rest.size();) {
      const std::size_t length = std::max<std::size_t>(utf8_length(rest.substr(at)), 1);
      const bool is_between_words = rest[at] == ' ' && at > 0 && at + 1 < rest.size() && rest[at - 1] != ' ';
      if (can_wrap && is_between_words && column_ > max_width && rest[at + 1] != ' ')
        break_line(depth);
      else
        emit(rest.substr(at, length));
      at += length;
    }
  }

  /// Beyond the width, the first of the blanks between two words becomes the end of a line.
  void write_double_quoted(const std::string& text, std::size_t depth, bool can_wrap) {
    write_character("\"");
    const std::string_view rest = text;
    bool after_blank = false;
    for (std::size_t at = 0; at < rest.size();) {
      const std::string_view character =
          rest.substr(at, std::max<std::size_t>(utf8_length(rest.substr(at)), 1));
      if (character == "\"" || character == "\\" || needs_yaml_escape(character)) {
        write_ascii(escape(character));
      } else if (character == " " && can_wrap && !after_blank && column_ > max_width && at > 0 &&
                 at + 1 < rest.size()) {
        break_line(depth);
        if (rest[at + 1] == ' ') write_character("\\");
      } else {
        write_character(character);
      }
      after_blank = character == " ";
      at += character.size();
    }
    write_character("\"");
  }

  void write_literal(const std::string& text, std::size_t depth) {
    write_character("|");
    if (text.front() == ' ' || text.front() == '\n') write_character("2");
    const bool ends_line = text.ends_with('\n');
    if (!ends_line)
      write_character("-");
    else if (text.size() == 1 || text.ends_with("\n\n"))
      write_character("+");
    write_character("\n");
    const std::string_view rest = text;
    for (std::size_t line_start = 0; line_start < rest.size();) {
      const std::size_t end = std::min(rest.find('\n', line_start), rest.size());
      if (end > line_start) indent(depth);
      out_ += rest.substr(line_start, end - line_start);
      column_ += end - line_start;
      if (end < rest.size()) write_character("\n");
      line_start = end + 1;
    }
  }

  std::string out_;
  std::size_t column_ = 0;
};

}  // namespace

std::string to_yaml(const Json& json) {
  Writer writer;
  writer.write_document(json);
  return writer.result();
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
