#include "egress/cli/app.hpp"

#include <algorithm>
#include <ostream>

#include "egress/base/error.hpp"
#include "egress/base/text.hpp"
#include "egress/cli/help.hpp"
#include "egress/cli/words.hpp"

namespace egress::cli {
namespace {

constexpr const char* about =
    "Egress gateways for Istio: for one external service, a gateway of its own and the routes through it";
constexpr const char* examples =
    R"(  # Callers of http://httpbin.org in the mesh leave by a gateway of their own, in verified TLS
  kubectl egress create httpbin --host httpbin.org

  # Whether it works, and the way that the traffic takes
  kubectl egress inspect httpbin

  # What would stop or bypass the egress gateways of the namespace
  kubectl egress check

  # Everything that it is made of goes, and nothing else
  kubectl egress delete httpbin)";

std::vector<std::string> command_names(const CLI::App& root) {
  std::vector<std::string> names;
  for (const CLI::App* app : root.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(app->get_name());
    std::ranges::copy(app->get_aliases(), std::back_inserter(names));
  }
  return names;
}

std::vector<std::string> flag_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options())
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  return names;
}

const CLI::App* chosen(const CLI::App& root) {
  const auto parsed = root.get_subcommands();
  return parsed.empty() ? nullptr : parsed.front();
}

std::string did_you_mean(const std::string& typed, const std::vector<std::string>& words) {
  const std::string meant = nearest(typed, words);
  return meant.empty() ? "" : "Did you mean " + meant + " ? ";
}

/// What was typed and not understood, as kubectl says it, with the nearest word that would be.
UsageError unknown_word(const CLI::App& root, const std::string& word) {
  const CLI::App* command = chosen(root);
  const std::string help =
      "kubectl egress" + (command != nullptr ? " " + command->get_name() : "") + " --help";
  const std::string see = "See '" + help + "' for usage.";
  if (word.starts_with("-")) {
    std::vector<std::string> flags = flag_names(root);
    if (command != nullptr) std::ranges::move(flag_names(*command), std::back_inserter(flags));
    const std::string name = word.substr(0, word.find('='));
    return UsageError("unknown flag: " + printable(name, 100), did_you_mean(name, flags) + see);
  }
  if (command == nullptr)
    return UsageError("unknown command \"" + printable(word, 100) + "\" for \"kubectl egress\"",
                      did_you_mean(word, command_names(root)) + see);
  return UsageError("unexpected argument \"" + printable(word, 300) + "\"", see);
}

/// CLI11's "Could not convert: --port = http" in kubectl's words.
std::string unreadable_value(const std::string& said) {
  const std::size_t name = said.find("--");
  const std::size_t equals = said.find(" = ", name);
  if (name == std::string::npos || equals == std::string::npos) return printable(said);
  return "invalid argument \"" + printable(said.substr(equals + 3), 100) + "\" for \"" +
         said.substr(name, equals - name) + "\" flag";
}

UsageError usage_error(const CLI::App& root, const CLI::ParseError& error) {
  const auto unknown = root.remaining(true);
  if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr && !unknown.empty())
    return unknown_word(root, unknown.front());
  // A misspelt flag also leaves the right one out: the spelling is the cause.
  const auto flag =
      std::ranges::find_if(unknown, [](const std::string& one) { return one.starts_with("--"); });
  if (flag != unknown.end()) return unknown_word(root, *flag);
  const CLI::App* command = chosen(root);
  const std::string name = command != nullptr ? " " + command->get_name() : "";
  // "--token: 1 required …"
  const std::string said = error.what();
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr && said.starts_with('-'))
    return UsageError("flag needs an argument: " + printable(said.substr(0, said.find(':')), 100),
                      "See 'kubectl egress" + name + " --help' for usage.");
  const bool unreadable = dynamic_cast<const CLI::ConversionError*>(&error) != nullptr;
  const std::string what = unreadable ? unreadable_value(error.what()) : printable(error.what());
  return UsageError(what, "See 'kubectl egress" + name + " --help' for usage.");
}

int print_help(const CLI::App& root, const std::vector<Command>& commands, const Streams& streams) {
  const auto command = std::ranges::find(commands, chosen(root), &Command::app);
  streams.out << help_text(command != commands.end() ? read_help(*command) : read_help(root, commands));
  return 0;
}

/// The pages of the manual, for the build, which installs them: the one of a command, or of all.
int print_man_page(const CLI::App& root, const std::vector<Command>& commands,
                   const std::vector<std::string>& words, const Streams& streams) {
  const std::string page = words.empty() ? "kubectl-egress" : words.front();
  const Help help = read_help(root, commands);
  const auto command = std::ranges::find(help.commands, page, &Help::page_name);
  streams.out << man_page(command != help.commands.end() ? *command : help);
  return 0;
}

int dispatch(CLI::App& root, const std::vector<Command>& commands, std::vector<std::string> words,
             Session& session, const Streams& streams) {
  try {
    std::ranges::reverse(words);  // as CLI11 takes them
    root.parse(std::move(words));
  } catch (const CLI::CallForHelp&) {
    return print_help(root, commands, streams);
  } catch (const CLI::ParseError& error) {
    throw usage_error(root, error);
  }
  check_global_flags(session);
  for (const Command& command : commands)
    if (command.app->parsed()) return command.run();
  return print_help(root, commands, streams);
}

}  // namespace

int run(const std::vector<std::string>& arguments, const Streams& streams) {
  Session session(streams);
  try {
    CLI::App root(about, "kubectl egress");
    root.option_defaults()->take_last()->always_capture_default();
    root.set_help_flag("-h,--help", "Show this help");
    root.fallthrough();
    // Behind a command its name is a word like any other: a gateway may be called "list".
    root.require_subcommand(0, 1);
    root.footer(examples);
    add_global_flags(root, session);
    const std::vector<Command> commands{
        create_command(root, session),  apply_command(root, session),   diff_command(root, session),
        list_command(root, session),    inspect_command(root, session), delete_command(root, session),
        check_command(root, session),   version_command(root, session), completion_command(root, session),
        options_command(root, session),
    };
    const std::vector<std::string> words = with_help_flag({arguments.begin() + 1, arguments.end()});
    if (!words.empty() && words.front() == "__complete")
      return complete(root, session, {words.begin() + 1, words.end()});
    if (!words.empty() && words.front() == "__man")
      return print_man_page(root, commands, {words.begin() + 1, words.end()}, streams);
    const int status = dispatch(root, commands, as_cli11_reads(words), session, streams);
    // What has failed anyway says why itself.
    if (status == 0) session.refuse_warnings();
    return status;
  } catch (const Error& error) {
    session.tell(error);
  } catch (const std::exception& error) {
    session.tell(Error(error.what()));
  }
  return 1;
}

}  // namespace egress::cli
