#include "egress/cli/flag_set.hpp"

#include <CLI/CLI.hpp>

#include <cstdint>
#include <utility>

namespace egress::cli {
namespace {

using Declared = FlagSet::Declared;

/// CLI11 would name the type of a value TEXT or INT, and completion reads that name.
Declared without_type(CLI::Option* option) {
  return Declared(*option->type_name(""));
}

/// One value each time, and not every word that follows.
Declared repeatable(CLI::Option* option) {
  const bool is_argument = option->get_positional();
  if (!is_argument) option->allow_extra_args(false);
  return without_type(option->take_all());
}

}  // namespace

Declared& Declared::type(const std::string& name) {
  option_.type_name(name);
  return *this;
}

Declared& Declared::group(const std::string& title) {
  option_.group(title);
  return *this;
}

Declared& Declared::default_text(const std::string& text) {
  option_.default_str(text);
  return *this;
}

Declared& Declared::required() {
  option_.required();
  return *this;
}

Declared& Declared::transform(const std::function<std::string(const std::string&)>& change) {
  option_.transform(change, "");
  return *this;
}

FlagSet FlagSet::add_command(CLI::App& root, const std::string& name, const std::string& description,
                             const std::vector<std::string>& aliases) {
  CLI::App* app = root.add_subcommand(name, description);
  for (const std::string& alias : aliases) app->alias(alias);
  return FlagSet(*app);
}

Declared FlagSet::add(const std::string& names, std::string& value, const std::string& description) {
  return without_type(app_.add_option(names, value, description));
}

Declared FlagSet::add(const std::string& names, std::optional<std::string>& value,
                      const std::string& description) {
  return without_type(app_.add_option(names, value, description));
}

Declared FlagSet::add(const std::string& names, int& value, const std::string& description) {
  return without_type(app_.add_option(names, value, description));
}

Declared FlagSet::add(const std::string& names, std::vector<std::string>& values,
                      const std::string& description) {
  return repeatable(app_.add_option(names, values, description));
}

Declared FlagSet::add(const std::string& names, const std::function<void(const std::string&)>& use,
                      const std::string& description) {
  return without_type(app_.add_option_function<std::string>(names, use, description));
}

Declared FlagSet::add(const std::string& names, const std::function<void(int)>& use,
                      const std::string& description) {
  const std::function<void(const int&)> with_reference = use;
  return without_type(app_.add_option_function<int>(names, with_reference, description));
}

Declared FlagSet::add(const std::string& names,
                      const std::function<void(const std::vector<std::string>&)>& use,
                      const std::string& description) {
  return repeatable(app_.add_option_function<std::vector<std::string>>(names, use, description));
}

Declared FlagSet::add_ignored(const std::string& names, const std::string& description) {
  return without_type(app_.add_option(names, description));
}

Declared FlagSet::add_switch(const std::string& names, bool& value, const std::string& description) {
  return Declared(*app_.add_flag(names, value, description));
}

Declared FlagSet::add_switch(const std::string& names, std::string& value, const std::string& description) {
  return Declared(*app_.add_flag(names, value, description));
}

Declared FlagSet::add_switch(const std::string& names, std::function<void(bool)> use,
                             const std::string& description) {
  // CLI11 counts: "--flag=false" is less than never.
  const auto count = [use = std::move(use)](std::int64_t times) { use(times > 0); };
  CLI::Option* option = app_.add_flag_function(names, count, description);
  return Declared(*option->take_last());
}

Declared FlagSet::add_ignored_switch(const std::string& names, const std::string& description) {
  return Declared(*app_.add_flag(names)->description(description));
}

void FlagSet::set_examples(const std::string& text) {
  app_.footer(text);
}

void FlagSet::hide() {
  app_.group("");
}

}  // namespace egress::cli
