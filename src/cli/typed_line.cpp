#include "egress/cli/typed_line.hpp"

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
std::string with_dashes(std::string name) {
  std::ranges::replace(name, '_', '-');
  return name;
}

/// As strconv.ParseBool of Go reads it.
std::optional<bool> truth_of(const std::string& text) {
  constexpr std::array<std::string_view, 6> yes{"1", "t", "T", "TRUE", "true", "True"};
  constexpr std::array<std::string_view, 6> no{"0", "f", "F", "FALSE", "false", "False"};
  if (std::ranges::find(yes, text) != yes.end()) return true;
  return std::ranges::find(no, text) != no.end() ? std::optional(false) : std::nullopt;
}

/// What a flag says that stands without a value.
std::string bare_value(const CLI::Option& flag) {
  return flag.get_flag_value(flag.get_lnames().empty() ? "" : flag.get_lnames().front(), "");
}

bool is_boolean(const CLI::Option& flag) {
  return !takes_value(flag) && truth_of(bare_value(flag));
}

/// As Go quotes a letter.
std::string quoted(char letter) {
  return std::string("'") + (letter == '\'' || letter == '\\' ? "\\" : "") +
         printable(std::string(1, letter)) + "'";
}

/// Whether the next word is this one's value, as far as that can be told before the command is known.
class Looking {
 public:
  explicit Looking(const CLI::App& root) : root_(root) {}

  bool is_followed_by_value(const std::string& word) const {
    if (word.find('=') != std::string::npos) return false;
    if (word.starts_with("--")) return needs_value(with_dashes(word));
    for (std::size_t i = 1; i < word.size(); ++i)
      if (needs_value({'-', word[i]})) return i + 1 == word.size();
    return false;
  }

 private:
  /// "--name" or "-n", of whichever command; of a flag that there is not, as cobra takes it.
  bool needs_value(const std::string& name) const {
    if (const CLI::Option* flag = root_.get_option_no_throw(name)) return takes_value(*flag);
    for (const CLI::App* app : root_.get_subcommands([](const CLI::App*) { return true; }))
      if (const CLI::Option* flag = app->get_option_no_throw(name)) return takes_value(*flag);
    return true;
  }

  const CLI::App& root_;
};

class Reader {
 public:
  Reader(CLI::App& root, Words words) : root_(root) {
    const std::size_t first = place_of_first_name(words);
    const std::string first_name = first < words.size() ? words[first] : "";
    line_.command = command_named(first_name);
    // `help create` is about create.
    line_.asks_for_help = line_.command == nullptr && first_name == "help";
    const bool is_no_name = line_.command != nullptr || line_.asks_for_help;
    for (std::size_t i = 0; i < words.size(); ++i)
      if (i != first || !is_no_name) take(words[i]);
  }

  TypedLine end() && {
    if (line_.awaited != nullptr) refuse("flag needs an argument: " + awaited_as_);
    return std::move(line_);
  }

  TypedLine begin(const std::string& word) && {
    line_.begun = word;
    if (line_.awaited != nullptr || only_names_ || !word.starts_with('-')) return std::move(line_);
    const std::size_t equals = word.find('=');
    line_.in_flag = equals == std::string::npos;
    if (line_.in_flag) return std::move(line_);
    line_.begun = word.substr(equals + 1);
    // Of several short flags in one word, the last one has the value.
    line_.awaited =
        word.starts_with("--") ? find(with_dashes(word.substr(0, equals))) : find({'-', word[equals - 1]});
    // The value of a flag that there is not: nothing.
    line_.in_flag = line_.awaited == nullptr;
    return std::move(line_);
  }

 private:
  std::size_t place_of_first_name(Words words) const {
    const Looking looking(root_);
    for (std::size_t i = 0; i < words.size() && words[i] != "--"; ++i) {
      if (!words[i].starts_with('-')) return i;
      if (looking.is_followed_by_value(words[i])) ++i;
    }
    return words.size();
  }

  CLI::App* command_named(const std::string& word) {
    const auto found = root_.get_subcommands([&](const CLI::App* app) { return app->check_name(word); });
    return found.empty() ? nullptr : found.front();
  }

  void take(const std::string& word) {
    if (line_.awaited != nullptr)
      take_value(*std::exchange(line_.awaited, nullptr), word);
    else if (only_names_ || !word.starts_with('-') || word == "-")
      line_.names.push_back(word);
    else if (word == "--")
      only_names_ = true;
    else if (word.starts_with("--"))
      take_long(word);
    else
      take_short(word);
  }

  /// "--name" or "-n".
  CLI::Option* find(const std::string& name) {
    if (line_.command != nullptr)
      if (CLI::Option* option = line_.command->get_option_no_throw(name)) return option;
    return root_.get_option_no_throw(name);
  }

  void refuse(const std::string& why, const std::string& unknown = "") {
    line_.faults.push_back({why, unknown});
  }

  void take_value(CLI::Option& flag, const std::string& value) {
    const auto truth = truth_of(value);
    if (is_boolean(flag) && !truth)
      refuse(refused_value(flag, value) + ": strconv.ParseBool: parsing " + go_quoted(printable(value, 100)) +
             ": invalid syntax");
    else if (!takes_value(flag) && value.empty())
      refuse(refused_value(flag, value));
    else
      line_.flags.emplace_back(&flag, is_boolean(flag) ? (*truth ? "true" : "false") : value);
  }

  void take_bare(CLI::Option& flag) { line_.flags.emplace_back(&flag, bare_value(flag)); }

  void take_long(const std::string& word) {
    if (word[2] == '-' || word[2] == '=') return refuse("bad flag syntax: " + printable(word, 100));
    const std::size_t equals = std::min(word.find('='), word.size());
    const std::string name = word.substr(0, equals);
    CLI::Option* flag = find(with_dashes(name));
    if (flag == nullptr) return refuse("unknown flag: " + printable(name, 100), name);
    if (equals < word.size()) return take_value(*flag, word.substr(equals + 1));
    if (takes_value(*flag))
      await(*flag, printable(name, 100));
    else
      take_bare(*flag);
  }

  /// A letter is a flag; what follows one that needs a value is its value, and `=` only behind a letter and
  /// before a value.
  void take_short(const std::string& word) {
    for (std::size_t i = 1; i < word.size(); ++i) {
      CLI::Option* flag = find({'-', word[i]});
      const std::string letters = quoted(word[i]) + " in -" + printable(word.substr(i), 100);
      if (flag == nullptr) return refuse("unknown shorthand flag: " + letters, {'-', word[i]});
      const std::string rest = word.substr(i + 1);
      if (rest.size() > 1 && rest[0] == '=') return take_value(*flag, rest.substr(1));
      if (!takes_value(*flag))
        take_bare(*flag);
      else if (rest.empty())
        await(*flag, letters);
      else
        return take_value(*flag, rest);
    }
  }

  void await(CLI::Option& flag, std::string named) {
    line_.awaited = &flag;
    awaited_as_ = std::move(named);
  }

  CLI::App& root_;
  TypedLine line_;
  std::string awaited_as_;  ///< in a complaint that no value comes
  bool only_names_ = false;
};

}  // namespace

bool TypedLine::has(const CLI::Option* flag) const {
  return std::ranges::any_of(flags, [&](const auto& one) { return one.first == flag; });
}

std::string TypedLine::value_of(const std::string& flag) const {
  const CLI::Option* option = command != nullptr ? command->get_option_no_throw(flag) : nullptr;
  if (option == nullptr) return {};
  std::string value = option->get_default_str();
  for (const auto& [given, text] : flags)
    if (given == option) value = text;
  return value;
}

bool takes_value(const CLI::Option& flag) {
  return flag.get_items_expected_max() > 0;
}

std::string names_of(const CLI::Option& flag) {
  std::vector<std::string> names;
  for (const std::string& name : flag.get_snames()) names.push_back("-" + name);
  for (const std::string& name : flag.get_lnames()) names.push_back("--" + name);
  return join(names, ", ");
}

std::string refused_value(const CLI::Option& flag, const std::string& value) {
  return "invalid argument " + go_quoted(printable(value, 100)) + " for \"" + names_of(flag) + "\" flag";
}

TypedLine read_line(CLI::App& root, const std::vector<std::string>& words) {
  if (words.empty()) return Reader(root, {}).begin("");
  return Reader(root, Words(words).first(words.size() - 1)).begin(words.back());
}

TypedLine read_whole_line(CLI::App& root, const std::vector<std::string>& words) {
  return Reader(root, words).end();
}

void apply_global_flags(CLI::App& root, const TypedLine& line) {
  for (CLI::Option* option : root.get_options()) {
    if (option == root.get_help_ptr() || !line.has(option)) continue;
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
