#include <algorithm>
#include <ostream>
#include <set>

#include "egress/base/error.hpp"
#include "egress/cli/command.hpp"
#include "egress/fleet/inventory.hpp"

namespace egress::cli {
namespace {

/// cobra's directive "complete no file names" (kubectl reads it behind a colon on the last line).
constexpr const char* no_files = ":4\n";

void print_matching(Session& session, const std::string& candidate, const std::string& description,
                    const std::string& prefix) {
  if (!candidate.starts_with(prefix)) return;
  session.out() << candidate;
  if (!description.empty()) session.out() << '\t' << description;
  session.out() << '\n';
}

/// The flags of a command, its own and the global ones, each once.
void complete_flags(Session& session, const CLI::App* command, const CLI::App& root,
                    const std::string& prefix) {
  std::set<std::string> said;
  for (const CLI::App* app : {command, &root}) {
    if (app == nullptr) continue;
    for (const CLI::Option* option : app->get_options())
      for (const std::string& name : option->get_lnames())
        if (said.insert(name).second) print_matching(session, "--" + name, option->get_description(), prefix);
  }
}

void complete_commands(Session& session, const CLI::App& root, const std::string& prefix) {
  for (const CLI::App* app : root.get_subcommands([](const CLI::App*) { return true; }))
    print_matching(session, app->get_name(), app->get_description(), prefix);
}

/// Names from the cluster, or none where it does not answer at once: completion never says why.
void complete_gateways(Session& session, const std::string& prefix) {
  session.overrides().request_timeout = "1s";
  session.overrides().silent = true;
  try {
    for (const mesh::Summary& one : fleet::list_gateways(session.cluster("complete"), session.ns()).gateways)
      print_matching(session, one.record.egress.name, one.record.egress.host(), prefix);
  } catch (const Error&) {
  }
}

/// Reads what stands before the word to complete, as far as it can be read: the command, -n, --context.
const CLI::App* read_words(CLI::App& root, std::vector<std::string> words) {
  std::ranges::reverse(words);
  try {
    root.parse(std::move(words));
  } catch (const CLI::ParseError&) {
  }
  const auto parsed = root.get_subcommands();
  return parsed.empty() ? nullptr : parsed.front();
}

/// True for a command whose words are gateways that are there.
bool takes_names(const CLI::App& command) {
  const std::string& name = command.get_name();
  return name == "inspect" || name == "delete" || name == "check";
}

}  // namespace

int complete(CLI::App& root, Session& session, std::vector<std::string> words) {
  const std::string last = words.empty() ? "" : words.back();
  if (!words.empty()) words.pop_back();
  const CLI::App* command = read_words(root, std::move(words));
  if (last.starts_with('-')) {
    complete_flags(session, command, root, last);
  } else if (command == nullptr) {
    complete_commands(session, root, last);
  } else if (takes_names(*command)) {
    complete_gateways(session, last);
  }
  session.out() << no_files;
  return 0;
}

}  // namespace egress::cli
