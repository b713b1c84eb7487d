#include "egress/kube/warning_header.hpp"

#include <algorithm>
#include <optional>

#include "egress/base/text.hpp"

namespace egress::kube {
namespace {

/// Parses a quoted string at the start of the text and removes its escapes; empty if there is none.
std::optional<std::string> parse_quoted(std::string_view& text) {
  if (!text.starts_with('"')) return std::nullopt;
  std::string content;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '"') {
      text.remove_prefix(i + 1);
      return content;
    }
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    content += text[i];
  }
  return std::nullopt;
}

}  // namespace

std::vector<std::string> warning_texts(std::string_view header) {
  std::vector<std::string> texts;
  for (;;) {
    const std::size_t quote = header.find('"');
    if (quote == std::string_view::npos) return texts;
    const bool is_warning = header.starts_with("299 ");
    header.remove_prefix(quote);
    const auto text = parse_quoted(header);
    if (!text) return texts;
    if (is_warning) texts.push_back(printable(*text));
    if (header.starts_with(" \"")) {
      header.remove_prefix(1);
      parse_quoted(header);
    }
    header.remove_prefix(std::min(header.find_first_not_of(", "), header.size()));
  }
}

}  // namespace egress::kube
