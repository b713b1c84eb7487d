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
    if (length == 0) fail_yaml(line_number, "it is not UTF-8");
    if (is_control(text.substr(at, length))) fail_yaml(line_number, "control characters are not allowed");
    if (text[at] == '\n') ++line_number;
    at += length;
  }
}

/// The text with every line ended by `\n`: yaml-cpp does not know a carriage return alone.
std::string with_line_ends(std::string_view text) {
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
    const std::string_view line = trimmed(text.substr(0, text.find('\n')));
    if (line.starts_with("%YAML") && trimmed(line.substr(5)) != "1.1")
      fail_yaml(line_number, "found incompatible YAML document: it is not YAML 1.1");
    if (!line.empty() && line.front() != '#' && line.front() != '%') return;
    text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
    ++line_number;
  }
}

}  // namespace

void fail_yaml(int line, const std::string& why) {
  throw Error("invalid YAML at line " + std::to_string(line + 1) + ": " + why);
}

std::string yaml_text(std::string_view text) {
  // yaml-cpp makes what is no UTF-8 out of what is no UTF-16.
  std::optional<std::string> converted;
  if (is_utf16(text) && !(converted = from_utf16(text))) fail_yaml(0, "it is not UTF-16");
  std::string lines = with_line_ends(converted ? *converted : text);
  check_encoding(lines);
  check_version(lines);
  return lines;
}

bool indented_by_tab(std::string_view text, int line) {
  for (; line > 0 && !text.empty(); --line)
    text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
  const std::size_t content = text.find_first_not_of(" \t");
  return text.substr(0, content).find('\t') != std::string_view::npos;
}

}  // namespace egress
