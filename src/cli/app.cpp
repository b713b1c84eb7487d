#include "egress/cli/app.hpp"

#include <algorithm>
#include <ostream>

#include "egress/base/error.hpp"
#include "egress/base/text.hpp"
#include "egress/cli/command.hpp"

namespace egress::cli {
namespace {

constexpr const char* about =
    "Egress gateways for Istio: for one external service, a gateway of its own and the routes through it";
constexpr const char* examples = R"(Examples:
  kubectl egress create httpbin --host httpbin.org
  kubectl egress list
  kubectl egress inspect httpbin
  kubectl egress check
  kubectl egress delete httpbin)";

std::vector<std::string> command_names(const CLI::App& root) {
  std::vector<std::string> names;
  for (const CLI::App* app : root.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(app->get_name());
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

int print_help(const CLI::App& root, const Streams& streams) {
  const CLI::App* command = chosen(root);
  streams.out << (command != nullptr ? command->help("kubectl egress") : root.help());
  return 0;
}

/// A flag's name may be written with `_` for `-`.
std::string with_dashes(std::string word) {
  if (!word.starts_with("--")) return word;
  const std::size_t name = std::min(word.find('='), word.size());
  std::replace(word.begin(), word.begin() + static_cast<std::ptrdiff_t>(name), '_', '-');
  return word;
}

/// pflag's spellings that CLI11 reads otherwise: `-n=mine`, `--namespace=` for an empty value, and
/// `--as_group`.
std::vector<std::string> as_cli11_reads(const std::vector<std::string>& words) {
  std::vector<std::string> read;
  for (auto at = words.begin(); at != words.end(); ++at) {
    if (*at == "--") {
      read.insert(read.end(), at, words.end());
      break;
    }
    const std::string word = with_dashes(*at);
    const bool short_with_value = word.size() > 2 && word[0] == '-' && word[1] != '-' && word[2] == '=';
    const bool long_without = word.starts_with("--") && word.size() > 3 && word.ends_with('=');
    if (short_with_value)
      read.insert(read.end(), {word.substr(0, 2), word.substr(3)});
    else if (long_without)
      read.insert(read.end(), {word.substr(0, word.size() - 1), ""});
    else
      read.push_back(word);
  }
  return read;
}

int dispatch(CLI::App& root, const std::vector<Command>& commands, std::vector<std::string> words,
             const Streams& streams) {
  try {
    std::ranges::reverse(words);  // as CLI11 takes them
    root.parse(std::move(words));
  } catch (const CLI::CallForHelp&) {
    return print_help(root, streams);
  } catch (const CLI::ParseError& error) {
    throw usage_error(root, error);
  }
  for (const Command& command : commands)
    if (command.app->parsed()) return command.run();
  return print_help(root, streams);
}

}  // namespace

void print_error(const Streams& streams, const Error& error) {
  streams.err << error.headline() << '\n';
  if (!error.hint().empty()) streams.err << "hint: " << error.hint() << '\n';
}

int run(const std::vector<std::string>& arguments, const Streams& streams) {
  try {
    Session session(streams);
    CLI::App root(about, "kubectl egress");
    root.option_defaults()->take_last();
    root.set_help_flag("-h,--help", "Show this help");
    root.fallthrough();
    // Behind a command its name is a word like any other: a gateway may be called "list".
    root.require_subcommand(0, 1);
    root.footer(examples);
    add_global_flags(root, session);
    const std::vector<Command> commands{
        create_command(root, session), apply_command(root, session),   diff_command(root, session),
        list_command(root, session),   inspect_command(root, session), delete_command(root, session),
        check_command(root, session),  version_command(root, session),
    };
    for (const Command& command : commands)
      command.app->footer(command.app->get_footer() +
                          "\n\nThe global flags (-n, --context, --kubeconfig, …): kubectl egress --help");
    const std::vector<std::string> words(arguments.begin() + 1, arguments.end());
    if (!words.empty() && words.front() == "__complete")
      return complete(root, session, {words.begin() + 1, words.end()});
    const int status = dispatch(root, commands, as_cli11_reads(words), streams);
    // What has failed anyway says why itself.
    if (status == 0) session.refuse_warnings();
    return status;
  } catch (const Error& error) {
    print_error(streams, error);
  } catch (const std::exception& error) {
    streams.err << "error: " << error.what() << '\n';
  }
  return 1;
}

}  // namespace egress::cli
