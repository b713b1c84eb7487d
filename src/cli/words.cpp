#include "egress/cli/words.hpp"

namespace egress::cli {

std::vector<std::string> as_cli11_reads(const TypedLine& line) {
  std::vector<std::string> words;
  if (line.command != nullptr) words.push_back(line.command->get_name());
  for (const auto& [flag, value] : line.flags) {
    const bool is_help = flag->check_lname("help");
    // CLI11 counts how often it stands there, whatever it says.
    if (is_help && value == "true")
      words.push_back(flag->get_name());
    else if (takes_value(*flag))
      words.insert(words.end(), {flag->get_name(), value});
    else if (!is_help)
      words.push_back(flag->get_name() + "=" + value);
  }
  if (!line.names.empty()) words.emplace_back("--");
  words.insert(words.end(), line.names.begin(), line.names.end());
  return words;
}

}  // namespace egress::cli
