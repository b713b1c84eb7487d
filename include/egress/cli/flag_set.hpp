#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace egress::cli {

/// Declares the flags and arguments of one command. Commands include this header instead of CLI11's, which
/// adds about six seconds to a compilation.
class FlagSet {
 public:
  /// A declared flag or argument.
  class Flag {
   public:
    explicit Flag(CLI::Option& option) : option_(option) {}

    /// Sets the type of the value (value_type.hpp), for completion.
    Flag& type(const std::string& name);
    /// Sets the heading under which help lists the flag.
    Flag& group(const std::string& title);
    /// Sets the default that help shows.
    Flag& default_text(const std::string& text);
    Flag& required();
    /// Changes each value before it is stored.
    Flag& transform(const std::function<std::string(const std::string&)>& convert);

   private:
    CLI::Option& option_;
  };

  /// The flags of `app`.
  explicit FlagSet(CLI::App& app) : app_(app) {}

  /// Adds a command to `root`. The description has no full stop.
  static FlagSet add_command(CLI::App& root, const std::string& name, const std::string& description,
                             const std::vector<std::string>& aliases = {});

  /// A flag that takes a value ("-o,--output"), or an argument ("NAME"). The last value wins.
  Flag add(const std::string& names, std::string& value, const std::string& description);
  Flag add(const std::string& names, std::optional<std::string>& value, const std::string& description);
  Flag add(const std::string& names, int& value, const std::string& description);
  /// A repeatable flag with one value per occurrence, or an argument that takes several values.
  Flag add(const std::string& names, std::vector<std::string>& values, const std::string& description);
  /// The same, with a function that is called with the value after the command line is parsed.
  Flag add(const std::string& names, const std::function<void(const std::string&)>& callback,
           const std::string& description);
  Flag add(const std::string& names, const std::function<void(int)>& callback,
           const std::string& description);
  Flag add(const std::string& names, const std::function<void(const std::vector<std::string>&)>& callback,
           const std::string& description);
  /// A flag of kubectl that takes a value and has no effect here.
  Flag add_ignored(const std::string& names);

  /// A flag that needs no value. The names may contain the value of the bare flag: "--dry-run{client}".
  Flag add_switch(const std::string& names, bool& value, const std::string& description);
  Flag add_switch(const std::string& names, std::string& value, const std::string& description);
  Flag add_switch(const std::string& names, std::function<void(bool)> callback,
                  const std::string& description);
  /// A flag of kubectl that needs no value and has no effect here.
  Flag add_ignored_switch(const std::string& names);

  /// Sets the examples that help shows: comments and command lines.
  void set_examples(const std::string& text);
  /// Hides the command from the list of commands.
  void hide();

  CLI::App* app() const { return &app_; }

 private:
  CLI::App& app_;
};

}  // namespace egress::cli
