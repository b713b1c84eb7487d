#include "egress/cli/typed_line.hpp"

#include <algorithm>

#include "egress/base/error.hpp"
#include "egress/cli/words.hpp"

namespace egress::cli {
namespace {

class Reader {
 public:
  explicit Reader(CLI::App& root) : root_(root) {}

  void take(const std::string& word) {
    if (line_.awaited != nullptr)
      line_.flags.emplace_back(std::exchange(line_.awaited, nullptr), word);
    else if (only_names_ || !word.starts_with('-') || word == "-")
      take_name(word);
    else if (word == "--")
      only_names_ = true;
    else if (word.starts_with("--"))
      take_long(word);
    else
      take_short(word);
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
  /// "--name" or "-n".
  CLI::Option* find(const std::string& name) {
    if (line_.command != nullptr)
      if (CLI::Option* option = line_.command->get_option_no_throw(name)) return option;
    return root_.get_option_no_throw(name);
  }

  void take_name(const std::string& word) {
    const bool may_be_command = line_.command == nullptr && line_.names.empty();
    // `help create` is about create.
    if (may_be_command && word == "help") return;
    if (may_be_command) line_.command = command_named(word);
    if (!may_be_command || line_.command == nullptr) line_.names.push_back(word);
  }

  CLI::App* command_named(const std::string& word) {
    const auto found = root_.get_subcommands([&](const CLI::App* app) { return app->check_name(word); });
    return found.empty() ? nullptr : found.front();
  }

  void take_long(const std::string& word) {
    const std::size_t equals = std::min(word.find('='), word.size());
    CLI::Option* flag = find(with_dashes(word.substr(0, equals)));
    if (flag == nullptr) return;
    if (equals == word.size() && takes_value(*flag))
      line_.awaited = flag;
    else
      line_.flags.emplace_back(flag, word.substr(std::min(equals + 1, word.size())));
  }

  void take_short(const std::string& word) {
    for (std::size_t i = 1; i < word.size(); ++i) {
      CLI::Option* flag = find({'-', word[i]});
      if (flag == nullptr) return;
      const bool has_value = i + 1 < word.size() && (takes_value(*flag) || word[i + 1] == '=');
      if (has_value) {
        const std::string rest = word.substr(i + 1);
        line_.flags.emplace_back(flag, rest.starts_with('=') ? rest.substr(1) : rest);
        return;
      }
      if (takes_value(*flag))
        line_.awaited = flag;
      else
        line_.flags.emplace_back(flag, "");
    }
  }

  CLI::App& root_;
  TypedLine line_;
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

TypedLine read_line(CLI::App& root, const std::vector<std::string>& words) {
  Reader reader(root);
  for (std::size_t i = 0; i + 1 < words.size(); ++i) reader.take(words[i]);
  return std::move(reader).begin(words.empty() ? "" : words.back());
}

void apply_global_flags(CLI::App& root, const TypedLine& line) {
  for (CLI::Option* option : root.get_options()) {
    if (option == root.get_help_ptr() || !line.has(option)) continue;
    for (const auto& [flag, value] : line.flags)
      if (flag == option) option->add_result(!takes_value(*flag) && value.empty() ? "true" : value);
    try {
      option->run_callback();
    } catch (const CLI::Error&) {
      continue;
    } catch (const Error&) {
      continue;
    }
  }
}

}  // namespace egress::cli
