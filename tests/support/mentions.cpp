#include "support/mentions.hpp"

#include <algorithm>
#include <cctype>

#include "egress/base/text.hpp"

namespace egress::testing {
namespace {

/// Between the spellings in which a fact may be written: no text of this tool holds it.
constexpr char alternative_separator = '\x1f';

std::string display_text(const std::string& fact) {
  return join(split(fact, alternative_separator), " or ");
}

bool is_letter_or_digit(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0;
}

/// The text in lower case, with each run of white space as one space.
std::string normalized(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const bool is_space = std::isspace(static_cast<unsigned char>(c)) != 0;
    if (is_space && result.ends_with(' ')) continue;
    result += is_space ? ' ' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return result;
}

/// True if no word of the text goes on at this place.
bool is_word_boundary(const std::string& text, std::size_t offset) {
  if (offset == 0 || offset == text.size()) return true;
  return !is_letter_or_digit(text[offset - 1]) || !is_letter_or_digit(text[offset]);
}

bool names_exactly(const std::string& text, const std::string& fact) {
  if (fact.empty()) return false;
  for (std::size_t offset = 0; (offset = text.find(fact, offset)) != std::string::npos; ++offset)
    if (is_word_boundary(text, offset) && is_word_boundary(text, offset + fact.size())) return true;
  return false;
}

bool names(const std::string& text, const std::string& fact) {
  return std::ranges::any_of(split(fact, alternative_separator), [&](const std::string& spelling) {
    return names_exactly(text, normalized(spelling));
  });
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const Mention& mention) {
  if (mention) return out << "all facts in: " << mention.text;
  return out << "no \"" << mention.missing << "\" in: " << mention.text;
}

Mention mentions(std::string_view text, const std::vector<std::string>& facts) {
  if (facts.empty()) return {std::string(text), "(no fact was asked for)"};
  const std::string normalized_text = normalized(text);
  for (const std::string& fact : facts)
    if (!names(normalized_text, fact))
      return {std::string(text), fact.empty() ? "(an empty fact)" : display_text(fact)};
  return {std::string(text), {}};
}

std::string any_of(const std::vector<std::string>& spellings) {
  return join(spellings, std::string(1, alternative_separator));
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
    if (Mention mention = mentions(lines[i], facts[i]); !mention) return mention;
  return {text, {}};
}

}  // namespace egress::testing
