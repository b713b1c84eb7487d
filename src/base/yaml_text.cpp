#include "egress/base/yaml_text.hpp"

#include <algorithm>
#include <optional>

#include "egress/base/error.hpp"
#include "egress/base/text.hpp"
#include "egress/base/utf16.hpp"

namespace egress {
namespace {

/// What YAML 1.1 calls no printable character (5.1): C0 and C1 controls but tab, line ends and NEL.
bool is_control(std::string_view character) {
  const auto byte = static_cast<unsigned char>(character.front());
  if (character.size() == 1)
    return (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') || byte == 0x7f;
  const auto next = static_cast<unsigned char>(character[1]);
  return byte == 0xc2 && next < 0xa0 && next != 0x85;
}

/// yaml-cpp takes any bytes; what is not UTF-8 is no text.
void check_encoding(std::string_view text) {
  int line_number = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = utf8_length(text.substr(at));
    if (length == 0) throw_yaml_error(line_number, "it is not UTF-8");
    if (is_control(text.substr(at, length)))
      throw_yaml_error(line_number, "control characters are not allowed");
    if (text[at] == '\n') ++line_number;
    at += length;
  }
}

/// The text with every line ended by `\n`: yaml-cpp does not know a carriage return alone.
std::string normalize_line_ends(std::string_view text) {
  std::string lines(text);
  if (text.find('\r') == std::string_view::npos) return lines;
  lines.clear();
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\r')
      lines += text[at];
    else if (at + 1 == text.size() || text[at + 1] != '\n')
      lines += '\n';
  }
  return lines;
}

/// A `%YAML` line in front may only say 1.1, as goyaml has it.
void check_version(std::string_view text) {
  int line_number = 0;
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  while (!text.empty()) {
    const std::string_view line = trim(text.substr(0, text.find('\n')));
    if (line.starts_with("%YAML") && trim(line.substr(5)) != "1.1")
      throw_yaml_error(line_number, "found incompatible YAML document: it is not YAML 1.1");
    if (!line.empty() && line.front() != '#' && line.front() != '%') return;
    text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
    ++line_number;
  }
}

/// Where the scalar itself begins, behind its anchor and its tag.
std::size_t skip_properties(std::string_view text, std::size_t at) {
  while (at < text.size() && (text[at] == '&' || text[at] == '!')) {
    at = std::min(text.find_first_of(" \n", at), text.size());
    at = std::min(text.find_first_not_of(" \n", at), text.size());
  }
  return at;
}

/// The position after the closing quote; the end of the text if there is none.
std::size_t end_of_quote(std::string_view text, std::size_t at) {
  const char quote = text[at];
  for (++at; at < text.size(); ++at) {
    const bool is_escape = quote == '"' ? text[at] == '\\' : text.substr(at, 2) == "''";
    if (is_escape)
      ++at;
    else if (text[at] == quote)
      return at + 1;
  }
  return std::string_view::npos;
}

bool is_quote(std::string_view text, std::size_t at) {
  return at < text.size() && (text[at] == '"' || text[at] == '\'');
}

}  // namespace

bool is_unterminated_quote(std::string_view text, std::size_t at) {
  at = skip_properties(text, at);
  return is_quote(text, at) && end_of_quote(text, at) == std::string_view::npos;
}

bool is_key_without_colon(std::string_view text, std::size_t at, std::string_view value) {
  at = skip_properties(text, at);
  // One on several lines is too long for this, or stands behind a question mark.
  if (!is_quote(text, at) && text.substr(at, value.size()) != value) return false;
  const std::size_t end = is_quote(text, at) ? end_of_quote(text, at) : at + value.size();
  const std::size_t next = text.find_first_not_of(" \t", std::min(end, text.size()));
  const std::size_t line = at == 0 ? 0 : text.rfind('\n', at - 1) + 1;
  const bool is_explicit_key = text.substr(line, at - line).find('?') != std::string_view::npos;
  return !is_explicit_key && (next == std::string_view::npos || text[next] == '\n' || text[next] == '#');
}

void throw_yaml_error(int line, const std::string& why) {
  throw Error("invalid YAML at line " + std::to_string(line + 1) + ": " + why);
}

std::string_view strip_quotation(std::string_view message) {
  return message.substr(0, message.find(':'));
}

std::string normalize_yaml(std::string_view text) {
  // yaml-cpp turns invalid UTF-16 into invalid UTF-8.
  std::optional<std::string> utf8;
  if (has_utf16_bom(text) && !(utf8 = utf16_to_utf8(text))) throw_yaml_error(0, "it is not UTF-16");
  std::string lines = normalize_line_ends(utf8 ? *utf8 : text);
  check_encoding(lines);
  check_version(lines);
  return lines;
}

bool is_indented_by_tab(std::string_view text, int line) {
  for (; line > 0 && !text.empty(); --line)
    text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
  const std::size_t content = text.find_first_not_of(" \t");
  return text.substr(0, content).find('\t') != std::string_view::npos;
}

}  // namespace egress
