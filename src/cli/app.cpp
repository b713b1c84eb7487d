#include "egress/cli/app.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <ostream>

#include "egress/base/error.hpp"
#include "egress/base/go_text.hpp"
#include "egress/base/text.hpp"
#include "egress/cli/help.hpp"
#include "egress/cli/refusal.hpp"
#include "egress/cli/results.hpp"
#include "egress/cli/typed_line.hpp"

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

int print_help(const CLI::App& root, const CLI::App* app, const std::vector<Command>& commands,
               const Streams& streams) {
  const auto command = std::ranges::find(commands, app, &Command::app);
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

/// As fmt's %#q of Go quotes a word.
std::string quoted(const std::string& word) {
  return word.find('`') == std::string::npos ? "`" + word + "`" : go_quoted(word);
}

/// `help create`: what is no command has the usage shown, on stderr, as cobra does.
int print_topic(const CLI::App& root, const std::vector<std::string>& topic,
                const std::vector<Command>& commands, const Streams& streams) {
  const auto command = std::ranges::find_if(
      commands, [&](const Command& one) { return !topic.empty() && one.app->check_name(topic.front()); });
  if (topic.empty() || command != commands.end())
    return print_help(root, topic.empty() ? nullptr : command->app, commands, streams);
  std::vector<std::string> words;
  for (const std::string& word : topic) words.push_back(quoted(printable(word, 100)));
  streams.err << "Unknown help topic [" << join(words, " ") << "]\n\n"
              << usage_text(read_help(root, commands));
  return 0;
}

/// From here on a failure of these commands has an outcome, if --output asks for one.
void expect_results(Session& session, const TypedLine& line, const std::vector<std::string>& words) {
  constexpr std::array writing{"create", "apply", "delete"};
  if (line.command == nullptr) return;
  const std::string command = line.command->get_name();
  if (std::ranges::find(writing, command) == writing.end()) return;
  session.results().expect(command, command_line(words), line.value_of("--output"));
}

bool takes_names(const CLI::App& command) {
  const auto is_name = [](const CLI::Option* one) { return one->get_positional(); };
  return !command.get_options(is_name).empty();
}

int dispatch(CLI::App& root, const std::vector<Command>& commands, const TypedLine& line, Session& session,
             const Streams& streams) {
  // A flag of a command that is not known is not known either, but that is not what was mistyped.
  if (line.command == nullptr && !line.names.empty() && !line.asks_for_help)
    throw unknown_command(root, line.names.front());
  if (!line.faults.empty()) throw refusal(root, line, line.faults.front());
  if (line.asks_for_help) return print_topic(root, line.names, commands, streams);
  try {
    // CLI11 would give them to the root, and read what looks like a flag among them as one.
    if (line.command != nullptr && !line.names.empty() && !takes_names(*line.command))
      throw unexpected_argument(line, line.names.front());
    std::vector<std::string> words = as_cli11_reads(line);
    std::ranges::reverse(words);  // as CLI11 takes them
    root.parse(std::move(words));
  } catch (const CLI::CallForHelp&) {
    return print_help(root, line.command, commands, streams);
  } catch (const CLI::ParseError& error) {
    throw refusal(root, line, error);
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
    const std::vector<std::string> words(arguments.begin() + 1, arguments.end());
    if (!words.empty() && words.front() == "__complete")
      return complete(root, session, {words.begin() + 1, words.end()});
    if (!words.empty() && words.front() == "__man")
      return print_man_page(root, commands, {words.begin() + 1, words.end()}, streams);
    const TypedLine line = read_whole_line(root, words);
    expect_results(session, line, words);
    const int status = dispatch(root, commands, line, session, streams);
    // What has failed anyway says why itself.
    if (status == 0) session.refuse_warnings();
    return status;
  } catch (const Error& error) {
    session.tell(error);
    session.results().abort(error);
  } catch (const std::exception& error) {
    session.tell(Error(error.what()));
    session.results().abort(Error(error.what(), "", reason::failed));
  }
  return 1;
}

}  // namespace egress::cli
