#include "egress/cli/command_line.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <span>

#include "egress/base/error.hpp"
#include "egress/base/go_text.hpp"
#include "egress/base/text.hpp"

namespace egress::cli {
namespace {

using Words = std::span<const std::string>;

/// A flag's name may be written with `_` for `-`: `--as_group` is `--as-group`.
std::string normalized_flag_name(std::string name) {
  std::ranges::replace(name, '_', '-');
  return name;
}

/// Parses a boolean as Go's strconv.ParseBool does.
std::optional<bool> parse_bool(const std::string& text) {
  constexpr std::array<std::string_view, 6> yes{"1", "t", "T", "TRUE", "true", "True"};
  constexpr std::array<std::string_view, 6> no{"0", "f", "F", "FALSE", "false", "False"};
  if (std::ranges::find(yes, text) != yes.end()) return true;
  return std::ranges::find(no, text) != no.end() ? std::optional(false) : std::nullopt;
}

/// The value of a flag that is given without one.
std::string bare_value(const CLI::Option& flag) {
  return flag.get_flag_value(flag.get_lnames().empty() ? "" : flag.get_lnames().front(), "");
}

bool is_boolean(const CLI::Option& flag) {
  return !takes_value(flag) && parse_bool(bare_value(flag));
}

/// Quotes a letter as Go does.
std::string quoted(char letter) {
  return std::string("'") + (letter == '\'' || letter == '\\' ? "\\" : "") +
         printable(std::string(1, letter)) + "'";
}

/// Decides whether a word is the value of the flag before it while the command is not yet known.
class FlagLookahead {
 public:
  explicit FlagLookahead(const CLI::App& root) : root_(root) {}

  bool is_followed_by_value(const std::string& word) const {
    if (word.find('=') != std::string::npos) return false;
    if (word.starts_with("--")) return needs_value(normalized_flag_name(word));
    for (std::size_t i = 1; i < word.size(); ++i)
      if (needs_value({'-', word[i]})) return i + 1 == word.size();
    return false;
  }

 private:
  /// `name` is "--name" or "-n", a flag of any command. An unknown flag takes a value, as with cobra.
  bool needs_value(const std::string& name) const {
    if (const CLI::Option* flag = root_.get_option_no_throw(name)) return takes_value(*flag);
    for (const CLI::App* app : root_.get_subcommands([](const CLI::App*) { return true; }))
      if (const CLI::Option* flag = app->get_option_no_throw(name)) return takes_value(*flag);
    return true;
  }

  const CLI::App& root_;
};

class Parser {
 public:
  Parser(CLI::App& root, Words words) : root_(root) {
    const std::size_t first = first_argument_index(words);
    const std::string first_argument = first < words.size() ? words[first] : "";
    line_.command = find_command(first_argument);
    // `help create` is about create.
    line_.is_help_command = line_.command == nullptr && first_argument == "help";
    const bool is_command = line_.command != nullptr || line_.is_help_command;
    for (std::size_t i = 0; i < words.size(); ++i)
      if (i != first || !is_command) parse_word(words[i]);
  }

  CommandLine finish() && {
    if (line_.pending_flag != nullptr) add_error("flag needs an argument: " + pending_flag_text_);
    return std::move(line_);
  }

  CommandLine finish_partial(const std::string& word) && {
    line_.to_complete = word;
    if (line_.pending_flag != nullptr || flags_ended_ || !word.starts_with('-')) return std::move(line_);
    const std::size_t equals = word.find('=');
    line_.completes_flag_name = equals == std::string::npos;
    if (line_.completes_flag_name) return std::move(line_);
    line_.to_complete = word.substr(equals + 1);
    // In a word of several short flags, the last one takes the value.
    line_.pending_flag = word.starts_with("--") ? find(normalized_flag_name(word.substr(0, equals)))
                                                : find({'-', word[equals - 1]});
    // An unknown flag has no values to complete.
    line_.completes_flag_name = line_.pending_flag == nullptr;
    return std::move(line_);
  }

 private:
  std::size_t first_argument_index(Words words) const {
    const FlagLookahead lookahead(root_);
    for (std::size_t i = 0; i < words.size() && words[i] != "--"; ++i) {
      if (!words[i].starts_with('-')) return i;
      if (lookahead.is_followed_by_value(words[i])) ++i;
    }
    return words.size();
  }

  CLI::App* find_command(const std::string& word) {
    const auto found = root_.get_subcommands([&](const CLI::App* app) { return app->check_name(word); });
    return found.empty() ? nullptr : found.front();
  }

  void parse_word(const std::string& word) {
    if (line_.pending_flag != nullptr)
      set_value(*std::exchange(line_.pending_flag, nullptr), word);
    else if (flags_ended_ || !word.starts_with('-') || word == "-")
      line_.arguments.push_back(word);
    else if (word == "--")
      flags_ended_ = true;
    else if (word.starts_with("--"))
      parse_long_flag(word);
    else
      parse_short_flags(word);
  }

  /// "--name" or "-n".
  CLI::Option* find(const std::string& name) {
    if (line_.command != nullptr)
      if (CLI::Option* option = line_.command->get_option_no_throw(name)) return option;
    return root_.get_option_no_throw(name);
  }

  void add_error(const std::string& message, const std::string& unknown_flag = "") {
    line_.errors.push_back({message, unknown_flag});
  }

  void set_value(CLI::Option& flag, const std::string& value) {
    const auto parsed = parse_bool(value);
    if (is_boolean(flag) && !parsed)
      add_error(invalid_argument_message(flag, value) + ": strconv.ParseBool: parsing " +
                go_quote(printable(value, 100)) + ": invalid syntax");
    else if (!takes_value(flag) && value.empty())
      add_error(invalid_argument_message(flag, value));
    else
      line_.flags.emplace_back(&flag, is_boolean(flag) ? (*parsed ? "true" : "false") : value);
  }

  void set_bare_flag(CLI::Option& flag) { line_.flags.emplace_back(&flag, bare_value(flag)); }

  void parse_long_flag(const std::string& word) {
    if (word[2] == '-' || word[2] == '=') return add_error("bad flag syntax: " + printable(word, 100));
    const std::size_t equals = std::min(word.find('='), word.size());
    const std::string name = word.substr(0, equals);
    CLI::Option* flag = find(normalized_flag_name(name));
    if (flag == nullptr) return add_error("unknown flag: " + printable(name, 100), name);
    if (equals < word.size()) return set_value(*flag, word.substr(equals + 1));
    if (takes_value(*flag))
      expect_value(*flag, printable(name, 100));
    else
      set_bare_flag(*flag);
  }

  /// Each letter is a flag. The rest of the word after a flag that takes a value is its value; `=` may
  /// separate the two.
  void parse_short_flags(const std::string& word) {
    for (std::size_t i = 1; i < word.size(); ++i) {
      CLI::Option* flag = find({'-', word[i]});
      const std::string letters = quoted(word[i]) + " in -" + printable(word.substr(i), 100);
      if (flag == nullptr) return add_error("unknown shorthand flag: " + letters, {'-', word[i]});
      const std::string remaining_letters = word.substr(i + 1);
      if (remaining_letters.size() > 1 && remaining_letters[0] == '=')
        return set_value(*flag, remaining_letters.substr(1));
      if (!takes_value(*flag))
        set_bare_flag(*flag);
      else if (remaining_letters.empty())
        expect_value(*flag, letters);
      else
        return set_value(*flag, remaining_letters);
    }
  }

  void expect_value(CLI::Option& flag, std::string text) {
    line_.pending_flag = &flag;
    pending_flag_text_ = std::move(text);
  }

  CLI::App& root_;
  CommandLine line_;
  std::string pending_flag_text_;  ///< names the flag in the error about its missing value
  bool flags_ended_ = false;
};

}  // namespace

bool CommandLine::has_flag(const CLI::Option* flag) const {
  return std::ranges::any_of(flags, [&](const auto& entry) { return entry.first == flag; });
}

std::string CommandLine::flag_value(const std::string& flag) const {
  const CLI::Option* option = command != nullptr ? command->get_option_no_throw(flag) : nullptr;
  if (option == nullptr) return {};
  std::string value = option->get_default_str();
  for (const auto& [given_flag, text] : flags)
    if (given_flag == option) value = text;
  return value;
}

bool takes_value(const CLI::Option& flag) {
  return flag.get_items_expected_max() > 0;
}

std::string flag_display_name(const CLI::Option& flag) {
  std::vector<std::string> names;
  for (const std::string& name : flag.get_snames()) names.push_back("-" + name);
  for (const std::string& name : flag.get_lnames()) names.push_back("--" + name);
  return join(names, ", ");
}

std::string invalid_argument_message(const CLI::Option& flag, const std::string& value) {
  return "invalid argument " + go_quote(printable(value, 100)) + " for \"" + flag_display_name(flag) +
         "\" flag";
}

CommandLine parse_partial_command_line(CLI::App& root, const std::vector<std::string>& words) {
  if (words.empty()) return Parser(root, {}).finish_partial("");
  return Parser(root, Words(words).first(words.size() - 1)).finish_partial(words.back());
}

CommandLine parse_command_line(CLI::App& root, const std::vector<std::string>& words) {
  return Parser(root, words).finish();
}

void apply_global_flags(CLI::App& root, const CommandLine& line) {
  for (CLI::Option* option : root.get_options()) {
    if (option == root.get_help_ptr() || !line.has_flag(option)) continue;
    for (const auto& [flag, value] : line.flags)
      if (flag == option) option->add_result(value);
    try {
      option->run_callback();
    } catch (const CLI::Error&) {
      continue;
    } catch (const Error&) {
      continue;
    }
  }
}

std::vector<std::string> to_cli11_arguments(const CommandLine& line) {
  std::vector<std::string> words;
  if (line.command != nullptr) words.push_back(line.command->get_name());
  for (const auto& [flag, value] : line.flags) {
    const bool is_help = flag->check_lname("help");
    // CLI11 counts occurrences of --help and ignores its value.
    if (is_help && value == "true")
      words.push_back(flag->get_name());
    else if (takes_value(*flag))
      words.insert(words.end(), {flag->get_name(), value});
    else if (!is_help)
      words.push_back(flag->get_name() + "=" + value);
  }
  if (!line.arguments.empty()) words.emplace_back("--");
  words.insert(words.end(), line.arguments.begin(), line.arguments.end());
  return words;
}

}  // namespace egress::cli
