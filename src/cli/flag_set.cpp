#include "egress/cli/flag_set.hpp"

#include <CLI/CLI.hpp>

#include <cstdint>
#include <utility>

namespace egress::cli {
namespace {

using Flag = FlagSet::Flag;

constexpr const char* ignored_flag_description = "Accepted for compatibility with kubectl; has no effect";

/// Clears CLI11's type name (TEXT or INT), because completion reads it.
Flag untyped(CLI::Option* option) {
  return Flag(*option->type_name(""));
}

/// Takes one value per occurrence instead of all words that follow.
Flag repeatable(CLI::Option* option) {
  const bool is_argument = option->get_positional();
  if (!is_argument) option->allow_extra_args(false);
  return untyped(option->take_all());
}

}  // namespace

Flag& Flag::type(const std::string& name) {
  option_.type_name(name);
  return *this;
}

Flag& Flag::group(const std::string& title) {
  option_.group(title);
  return *this;
}

Flag& Flag::default_text(const std::string& text) {
  option_.default_str(text);
  return *this;
}

Flag& Flag::required() {
  option_.required();
  return *this;
}

Flag& Flag::transform(const std::function<std::string(const std::string&)>& convert) {
  option_.transform(convert, "");
  return *this;
}

FlagSet FlagSet::add_command(CLI::App& root, const std::string& name, const std::string& description,
                             const std::vector<std::string>& aliases) {
  CLI::App* app = root.add_subcommand(name, description);
  for (const std::string& alias : aliases) app->alias(alias);
  return FlagSet(*app);
}

Flag FlagSet::add(const std::string& names, std::string& value, const std::string& description) {
  return untyped(app_.add_option(names, value, description));
}

Flag FlagSet::add(const std::string& names, std::optional<std::string>& value,
                  const std::string& description) {
  return untyped(app_.add_option(names, value, description));
}

Flag FlagSet::add(const std::string& names, int& value, const std::string& description) {
  return untyped(app_.add_option(names, value, description));
}

Flag FlagSet::add(const std::string& names, std::vector<std::string>& values,
                  const std::string& description) {
  return repeatable(app_.add_option(names, values, description));
}

Flag FlagSet::add(const std::string& names, const std::function<void(const std::string&)>& callback,
                  const std::string& description) {
  return untyped(app_.add_option_function<std::string>(names, callback, description));
}

Flag FlagSet::add(const std::string& names, const std::function<void(int)>& callback,
                  const std::string& description) {
  const std::function<void(const int&)> by_reference = callback;
  return untyped(app_.add_option_function<int>(names, by_reference, description));
}

Flag FlagSet::add(const std::string& names,
                  const std::function<void(const std::vector<std::string>&)>& callback,
                  const std::string& description) {
  return repeatable(app_.add_option_function<std::vector<std::string>>(names, callback, description));
}

Flag FlagSet::add_ignored(const std::string& names) {
  const std::string description = ignored_flag_description;
  return untyped(app_.add_option(names, description));
}

Flag FlagSet::add_switch(const std::string& names, bool& value, const std::string& description) {
  return Flag(*app_.add_flag(names, value, description));
}

Flag FlagSet::add_switch(const std::string& names, std::string& value, const std::string& description) {
  return Flag(*app_.add_flag(names, value, description));
}

Flag FlagSet::add_switch(const std::string& names, std::function<void(bool)> callback,
                         const std::string& description) {
  // CLI11 passes a count; "--flag=false" is -1.
  const auto count = [callback = std::move(callback)](std::int64_t times) { callback(times > 0); };
  CLI::Option* option = app_.add_flag_function(names, count, description);
  return Flag(*option->take_last());
}

Flag FlagSet::add_ignored_switch(const std::string& names) {
  return Flag(*app_.add_flag(names)->description(ignored_flag_description));
}

void FlagSet::set_examples(const std::string& text) {
  app_.footer(text);
}

void FlagSet::hide() {
  app_.group("");
}

}  // namespace egress::cli
