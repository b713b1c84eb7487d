#include "egress/base/yaml_text.hpp"

#include <algorithm>

#include "egress/base/error.hpp"
#include "egress/base/text.hpp"

namespace egress {
namespace {

[[noreturn]] void fail(std::size_t line, const std::string& why) {
  throw Error("invalid YAML at line " + std::to_string(line) + ": " + why);
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

void check_encoding(std::string_view text) {
  std::size_t line = 1;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = utf8_length(text.substr(at));
    if (length == 0) fail(line, "it is not UTF-8");
    if (text[at] == '\0') fail(line, "control characters are not allowed");
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
  if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff")) return std::string(text);
  std::string fed = with_line_feeds(text);
  check_encoding(fed);
  check_version(fed);
  return fed;
}

}  // namespace egress
