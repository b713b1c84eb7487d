#include "support/mentions.hpp"

#include <algorithm>
#include <cctype>

#include "egress/base/text.hpp"

namespace egress::testing {
namespace {

/// Between the ways in which a fact may be written: no text of this tool holds it.
constexpr char or_sign = '\x1f';

std::string shown(const std::string& fact) {
  return join(split(fact, or_sign), " or ");
}

bool is_letter_or_digit(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0;
}

/// The text in lower case, with each run of white space as one space.
std::string folded(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const bool blank = std::isspace(static_cast<unsigned char>(c)) != 0;
    if (blank && result.ends_with(' ')) continue;
    result += blank ? ' ' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return result;
}

/// True if no word of the text goes on at this place.
bool is_edge(const std::string& text, std::size_t at) {
  if (at == 0 || at == text.size()) return true;
  return !is_letter_or_digit(text[at - 1]) || !is_letter_or_digit(text[at]);
}

bool names_exactly(const std::string& text, const std::string& fact) {
  if (fact.empty()) return false;
  for (std::size_t at = 0; (at = text.find(fact, at)) != std::string::npos; ++at)
    if (is_edge(text, at) && is_edge(text, at + fact.size())) return true;
  return false;
}

bool names(const std::string& text, const std::string& fact) {
  return std::ranges::any_of(split(fact, or_sign),
                             [&](const std::string& way) { return names_exactly(text, folded(way)); });
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const Mention& mention) {
  if (mention) return out << "all facts in: " << mention.text;
  return out << "no \"" << mention.missing << "\" in: " << mention.text;
}

Mention mentions(std::string_view text, const std::vector<std::string>& facts) {
  if (facts.empty()) return {std::string(text), "(no fact was asked for)"};
  const std::string searched = folded(text);
  for (const std::string& fact : facts)
    if (!names(searched, fact)) return {std::string(text), fact.empty() ? "(an empty fact)" : shown(fact)};
  return {std::string(text), {}};
}

std::string any_of(const std::vector<std::string>& ways) {
  return join(ways, std::string(1, or_sign));
}

std::string in_namespace(const std::string& name) {
  return any_of({"namespace \"" + name + "\"", "namespace/" + name, "-n " + name});
}

Mention each_mentions(const std::vector<std::string>& lines,
                      const std::vector<std::vector<std::string>>& facts) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  if (lines.size() != facts.size()) return {text, "(" + std::to_string(facts.size()) + " lines)"};
  for (std::size_t i = 0; i < lines.size(); ++i)
    if (Mention one = mentions(lines[i], facts[i]); !one) return one;
  return {text, {}};
}

}  // namespace egress::testing
