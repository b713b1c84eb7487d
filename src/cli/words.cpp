#include "egress/cli/words.hpp"

#include <algorithm>

namespace egress::cli {

std::string with_dashes(std::string word) {
  if (!word.starts_with("--")) return word;
  const std::size_t name = std::min(word.find('='), word.size());
  std::replace(word.begin(), word.begin() + static_cast<std::ptrdiff_t>(name), '_', '-');
  return word;
}

std::vector<std::string> with_help_flag(std::vector<std::string> words) {
  if (words.empty() || words.front() != "help") return words;
  words.erase(words.begin());
  words.emplace_back("--help");
  return words;
}

std::vector<std::string> as_cli11_reads(const std::vector<std::string>& words) {
  std::vector<std::string> read;
  for (auto at = words.begin(); at != words.end(); ++at) {
    if (*at == "--") {
      read.insert(read.end(), at, words.end());
      break;
    }
    const std::string word = with_dashes(*at);
    const bool short_with_value = word.size() > 2 && word[0] == '-' && word[1] != '-' && word[2] == '=';
    const bool long_without = word.starts_with("--") && word.size() > 3 && word.ends_with('=');
    if (short_with_value)
      read.insert(read.end(), {word.substr(0, 2), word.substr(3)});
    else if (long_without)
      read.insert(read.end(), {word.substr(0, word.size() - 1), ""});
    else
      read.push_back(word);
  }
  return read;
}

}  // namespace egress::cli
