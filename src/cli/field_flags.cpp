#include "egress/cli/field_flags.hpp"

#include <cctype>
#include <string_view>

#include "egress/cli/egress_flags.hpp"

namespace egress::cli {
namespace {

bool is_letter_or_digit(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0;
}

/// True if a field of the manifest may start after this text.
bool can_precede_field(std::string_view text) {
  if (text.ends_with("explain ")) return false;
  return text.empty() || std::string_view(" \n(,;:").find(text.back()) != std::string_view::npos;
}

/// The end of the field path that starts at `begin`: letters, digits, dots, and anything in brackets. A final
/// dot ends the sentence.
std::size_t field_end(std::string_view text, std::size_t begin) {
  std::size_t end = begin;
  while (end < text.size() && (is_letter_or_digit(text[end]) || text[end] == '.' || text[end] == '[')) {
    const std::size_t close = text[end] == '[' ? text.find(']', end) : end;
    if (close == std::string_view::npos) break;
    end = close + 1;
  }
  while (text[end - 1] == '.') --end;
  return end;
}

/// Removes brackets and their content: "spec.hosts[0]" gives "spec.hosts".
std::string without_brackets(std::string_view path) {
  std::string result;
  bool in_brackets = false;
  for (const char c : path) {
    in_brackets = in_brackets || c == '[';
    if (!in_brackets) result += c;
    in_brackets = in_brackets && c != ']';
  }
  return result;
}

}  // namespace

std::string with_flags(const std::string& text) {
  constexpr std::string_view spec = "spec.";
  const std::string_view view = text;
  std::string result;
  std::size_t copied = 0;
  for (std::size_t at = 0; (at = view.find(spec, at)) != std::string_view::npos; at += spec.size()) {
    if (!can_precede_field(view.substr(0, at))) continue;
    const std::size_t end = field_end(view, at);
    const std::string flag = flag_of_field(without_brackets(view.substr(at, end - at)));
    if (flag.empty() || view.substr(end).starts_with(" (--")) continue;
    result += view.substr(copied, end - copied);
    result += " (" + flag + ")";
    copied = end;
  }
  return result + std::string(view.substr(copied));
}

}  // namespace egress::cli
