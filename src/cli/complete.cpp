#include <CLI/CLI.hpp>

#include <algorithm>
#include <iterator>
#include <set>

#include "egress/cli/command.hpp"
#include "egress/cli/command_line.hpp"
#include "egress/cli/value_completion.hpp"

namespace egress::cli {
namespace {

bool accepts_multiple(const CLI::Option& option) {
  return option.get_multi_option_policy() == CLI::MultiOptionPolicy::TakeAll;
}

/// The flags of the command and the global flags. As with cobra, a flag that is set and not repeatable is not
/// offered again, and short flags are offered only after a single hyphen.
Completion complete_flags(const CommandLine& line, const CLI::App& root) {
  Completion completion;
  std::set<std::string> offered;
  for (const CLI::App* app : {static_cast<const CLI::App*>(line.command), &root}) {
    if (app == nullptr) continue;
    for (const CLI::Option* option : app->get_options()) {
      if (option->get_group().empty() || (line.has_flag(option) && !accepts_multiple(*option))) continue;
      std::vector<std::string> names;
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
      for (const std::string& name : option->get_snames()) names.push_back("-" + name);
      for (const std::string& name : names)
        if (offered.insert(name).second) completion.candidates.push_back({name, option->get_description()});
    }
  }
  return completion;
}

Completion complete_command(const CLI::App& root) {
  Completion completion{.candidates = {{"help", "Help about any command"}}};
  for (const CLI::App* app : root.get_subcommands([](const CLI::App*) { return true; }))
    completion.candidates.push_back({app->get_name(), app->get_description()});
  return completion;
}

/// Candidates for the command's NAME, without the names that are already on the line.
Completion complete_name(Session& session, const CommandLine& line) {
  const auto options =
      line.command->get_options([](const CLI::Option* option) { return option->get_positional(); });
  if (options.empty() || (!line.arguments.empty() && !accepts_multiple(*options.front()))) return {};
  Completion completion = complete_value(session, line, options.front()->get_type_name());
  std::erase_if(completion.candidates, [&](const Candidate& candidate) {
    return std::ranges::find(line.arguments, candidate.value) != line.arguments.end();
  });
  return completion;
}

Completion complete_line(CLI::App& root, Session& session, const CommandLine& line) {
  if (line.completes_flag_name) return complete_flags(line, root);
  if (line.pending_flag != nullptr) return complete_value(session, line, line.pending_flag->get_type_name());
  if (line.command != nullptr) return complete_name(session, line);
  return line.arguments.empty() ? complete_command(root) : Completion{};
}

}  // namespace

int complete(CLI::App& root, Session& session, const std::vector<std::string>& words) {
  const CommandLine line = parse_partial_command_line(root, words);
  apply_global_flags(root, line);
  print(session.out(), complete_line(root, session, line), line.to_complete);
  return 0;
}

}  // namespace egress::cli
