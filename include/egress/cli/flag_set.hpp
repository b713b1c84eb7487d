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
/// takes a compiler about six seconds to read.
class FlagSet {
 public:
  /// A flag or argument that was just declared.
  class Declared {
   public:
    explicit Declared(CLI::Option& option) : option_(option) {}

    /// What its value is (value_type.hpp), for completion.
    Declared& type(const std::string& name);
    /// The heading under which help lists it.
    Declared& group(const std::string& title);
    /// The default that help shows.
    Declared& default_text(const std::string& text);
    Declared& required();
    /// Changes each value before it is stored.
    Declared& transform(const std::function<std::string(const std::string&)>& change);

   private:
    CLI::Option& option_;
  };

  /// The flags of `app`.
  explicit FlagSet(CLI::App& app) : app_(app) {}

  /// A new command of `root`. The description is a sentence without the full stop.
  static FlagSet add_command(CLI::App& root, const std::string& name, const std::string& description,
                             const std::vector<std::string>& aliases = {});

  /// A flag that takes a value ("-o,--output"), or an argument ("NAME"). The last value counts.
  Declared add(const std::string& names, std::string& value, const std::string& description);
  Declared add(const std::string& names, std::optional<std::string>& value, const std::string& description);
  Declared add(const std::string& names, int& value, const std::string& description);
  /// A flag that may be repeated, with one value each, or an argument that takes several.
  Declared add(const std::string& names, std::vector<std::string>& values, const std::string& description);
  /// The same, for a function that is called with the value once the command line was read.
  Declared add(const std::string& names, const std::function<void(const std::string&)>& use,
               const std::string& description);
  Declared add(const std::string& names, const std::function<void(int)>& use, const std::string& description);
  Declared add(const std::string& names, const std::function<void(const std::vector<std::string>&)>& use,
               const std::string& description);
  /// A flag whose value is ignored.
  Declared add_ignored(const std::string& names, const std::string& description);

  /// A flag that may stand alone. The names may carry the value that it then has: "--dry-run{client}".
  Declared add_switch(const std::string& names, bool& value, const std::string& description);
  Declared add_switch(const std::string& names, std::string& value, const std::string& description);
  Declared add_switch(const std::string& names, std::function<void(bool)> use,
                      const std::string& description);
  Declared add_ignored_switch(const std::string& names, const std::string& description);

  /// The examples of help: comments and command lines.
  void set_examples(const std::string& text);
  /// Leaves the command out of the list of commands.
  void hide();

  CLI::App* app() const { return &app_; }

 private:
  CLI::App& app_;
};

}  // namespace egress::cli
