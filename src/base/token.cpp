#include "egress/base/token.hpp"

#include <algorithm>
#include <cctype>

namespace egress {
namespace {

bool is_web_token(std::string_view word) {
  const std::size_t first = word.find('.');
  return word.starts_with("eyJ") && first != std::string_view::npos &&
         word.find('.', first + 1) != std::string_view::npos;
}

bool is_bootstrap_token(std::string_view word) {
  constexpr std::size_t dot = 6;
  return word.size() == 23 && word[dot] == '.' && std::ranges::all_of(word, [&](const char& c) {
           return &c == &word[dot] || std::islower(static_cast<unsigned char>(c)) != 0 ||
                  std::isdigit(static_cast<unsigned char>(c)) != 0;
         });
}

}  // namespace

bool is_token(std::string_view word) {
  while (!word.empty() && std::isalnum(static_cast<unsigned char>(word.back())) == 0) word.remove_suffix(1);
  return is_web_token(word) || is_bootstrap_token(word);
}

}  // namespace egress
