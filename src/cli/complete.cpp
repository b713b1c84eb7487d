#include <CLI/CLI.hpp>

#include <algorithm>
#include <iterator>
#include <set>

#include "egress/cli/command.hpp"
#include "egress/cli/typed_line.hpp"
#include "egress/cli/value_candidates.hpp"

namespace egress::cli {
namespace {

bool takes_several(const CLI::Option& option) {
  return option.get_multi_option_policy() == CLI::MultiOptionPolicy::TakeAll;
}

/// The flags of the command and of all commands. As with cobra, one that stands on the line is not offered
/// again where it would only replace what it said, and a letter only behind a single hyphen.
Completion complete_flags(const TypedLine& line, const CLI::App& root) {
  Completion completion;
  std::set<std::string> offered;
  for (const CLI::App* app : {static_cast<const CLI::App*>(line.command), &root}) {
    if (app == nullptr) continue;
    for (const CLI::Option* option : app->get_options()) {
      if (option->get_group().empty() || (line.has(option) && !takes_several(*option))) continue;
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

/// The command's NAME. Of several, none is offered twice.
Completion complete_name(Session& session, const TypedLine& line) {
  const auto options =
      line.command->get_options([](const CLI::Option* one) { return one->get_positional(); });
  if (options.empty() || (!line.names.empty() && !takes_several(*options.front()))) return {};
  Completion completion = complete_value(session, line, options.front()->get_type_name());
  std::erase_if(completion.candidates, [&](const Candidate& one) {
    return std::ranges::find(line.names, one.value) != line.names.end();
  });
  return completion;
}

Completion completion_of(CLI::App& root, Session& session, const TypedLine& line) {
  if (line.in_flag) return complete_flags(line, root);
  if (line.awaited != nullptr) return complete_value(session, line, line.awaited->get_type_name());
  if (line.command != nullptr) return complete_name(session, line);
  return line.names.empty() ? complete_command(root) : Completion{};
}

}  // namespace

int complete(CLI::App& root, Session& session, const std::vector<std::string>& words) {
  const TypedLine line = read_line(root, words);
  apply_global_flags(root, line);
  print(session.out(), completion_of(root, session, line), line.begun);
  return 0;
}

}  // namespace egress::cli
