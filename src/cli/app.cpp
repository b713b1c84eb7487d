#include "egress/cli/app.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <ostream>

#include "egress/base/error.hpp"
#include "egress/base/go_text.hpp"
#include "egress/base/text.hpp"
#include "egress/cli/command_line.hpp"
#include "egress/cli/help.hpp"
#include "egress/cli/results.hpp"
#include "egress/cli/usage_errors.hpp"

namespace egress::cli {
namespace {

constexpr const char* description =
    "Create and manage dedicated Istio egress gateways, one per external service";
constexpr const char* examples =
    R"(  # Route traffic for http://httpbin.org through a dedicated gateway that originates and verifies TLS
  kubectl egress create httpbin --host httpbin.org

  # Show the state of the gateway and the path of its traffic
  kubectl egress inspect httpbin

  # Find configuration that breaks or bypasses the egress gateways of the namespace
  kubectl egress check

  # Delete the gateway and all its objects
  kubectl egress delete httpbin)";

int print_help(const CLI::App& root, const CLI::App* app, const std::vector<Command>& commands,
               const Streams& streams) {
  const auto command = std::ranges::find(commands, app, &Command::app);
  streams.out << help_text(command != commands.end() ? read_help(*command) : read_help(root, commands));
  return 0;
}

/// Prints the man page of one command, or the main page, for the build to install.
int print_man_page(const CLI::App& root, const std::vector<Command>& commands,
                   const std::vector<std::string>& words, const Streams& streams) {
  const std::string page = words.empty() ? "kubectl-egress" : words.front();
  if (page == "kubectl-egress-file") {
    streams.out << manifest_man_page();
    return 0;
  }
  const Help help = read_help(root, commands);
  const auto command = std::ranges::find(help.commands, page, &Help::page_name);
  streams.out << man_page(command != help.commands.end() ? *command : help);
  return 0;
}

/// Quotes a word as Go's fmt does with %#q.
std::string go_raw_quoted(const std::string& word) {
  return word.find('`') == std::string::npos ? "`" + word + "`" : go_quote(word);
}

/// Runs `help TOPIC`. For an unknown topic it prints the usage on stderr, as cobra does.
int print_help_topic(const CLI::App& root, const std::vector<std::string>& topic,
                     const std::vector<Command>& commands, const Streams& streams) {
  const auto command = std::ranges::find_if(commands, [&](const Command& candidate) {
    return !topic.empty() && candidate.app->check_name(topic.front());
  });
  if (topic.empty() || command != commands.end())
    return print_help(root, topic.empty() ? nullptr : command->app, commands, streams);
  std::vector<std::string> words;
  for (const std::string& word : topic) words.push_back(go_raw_quoted(printable(word, 100)));
  streams.err << "Unknown help topic [" << join(words, " ") << "]\n\n"
              << usage_text(read_help(root, commands));
  return 0;
}

/// From here on, a failure of a write command prints an outcome if --output requests one.
void enable_outcomes(Session& session, const CommandLine& line, const std::vector<std::string>& words) {
  constexpr std::array write_commands{"create", "apply", "delete"};
  if (line.command == nullptr) return;
  const std::string command = line.command->get_name();
  if (std::ranges::find(write_commands, command) == write_commands.end()) return;
  session.results().enable_outcomes(command, command_line(words), line.flag_value("--output"));
}

bool accepts_arguments(const CLI::App& command) {
  const auto is_positional = [](const CLI::Option* option) { return option->get_positional(); };
  return !command.get_options(is_positional).empty();
}

int dispatch(CLI::App& root, const std::vector<Command>& commands, const CommandLine& line, Session& session,
             const Streams& streams) {
  // The flags of an unknown command are unknown, too; report the command, which is what was mistyped.
  if (line.command == nullptr && !line.arguments.empty() && !line.is_help_command)
    throw unknown_command_error(root, line.arguments.front());
  if (!line.errors.empty()) throw usage_error(root, line, line.errors.front());
  if (line.is_help_command) return print_help_topic(root, line.arguments, commands, streams);
  try {
    // CLI11 would pass the arguments to the root, and parse those that look like flags.
    if (line.command != nullptr && !line.arguments.empty() && !accepts_arguments(*line.command))
      throw unexpected_argument_error(line, line.arguments.front());
    std::vector<std::string> words = to_cli11_arguments(line);
    std::ranges::reverse(words);  // CLI11 expects them in reverse order
    root.parse(std::move(words));
  } catch (const CLI::CallForHelp&) {
    return print_help(root, line.command, commands, streams);
  } catch (const CLI::ParseError& error) {
    throw usage_error(root, line, error);
  }
  check_global_flags(session);
  for (const Command& command : commands)
    if (command.app->parsed()) return command.run();
  return print_help(root, nullptr, commands, streams);
}

}  // namespace

int run(const std::vector<std::string>& arguments, const Streams& streams) {
  Session session(streams);
  try {
    CLI::App root(description, "kubectl egress");
    root.option_defaults()->take_last()->always_capture_default();
    root.set_help_flag("-h,--help", "Show this help");
    root.fallthrough();
    // Only the first word is a command: a gateway may be called "list".
    root.require_subcommand(0, 1);
    root.footer(examples);
    add_global_flags(root, session);
    const std::vector<Command> commands{
        create_command(root, session),     apply_command(root, session),   diff_command(root, session),
        list_command(root, session),       inspect_command(root, session), delete_command(root, session),
        check_command(root, session),      explain_command(root, session), version_command(root, session),
        completion_command(root, session), options_command(root, session),
    };
    const std::vector<std::string> words(arguments.begin() + 1, arguments.end());
    if (!words.empty() && words.front() == "__complete")
      return complete(root, session, {words.begin() + 1, words.end()});
    if (!words.empty() && words.front() == "__man")
      return print_man_page(root, commands, {words.begin() + 1, words.end()}, streams);
    const CommandLine line = parse_command_line(root, words);
    enable_outcomes(session, line, words);
    const int status = dispatch(root, commands, line, session, streams);
    // A failed command has already printed its reason.
    if (status == 0) session.check_received_warnings();
    return status;
  } catch (const Error& error) {
    session.report(error);
    session.results().abort(error);
  } catch (const std::exception& error) {
    session.report(Error(error.what()));
    session.results().abort(Error(error.what(), "", reason::failed));
  }
  return 1;
}

}  // namespace egress::cli
