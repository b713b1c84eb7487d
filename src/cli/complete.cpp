#include <memory>
#include <ostream>

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

void complete_flags(Session& session, const CLI::App& app, const std::string& prefix) {
  for (const CLI::Option* option : app.get_options())
    for (const std::string& name : option->get_lnames())
      print_matching(session, "--" + name, option->get_description(), prefix);
}

void complete_commands(Session& session, const CLI::App& root, const std::string& prefix) {
  for (const CLI::App* app :
       root.get_subcommands([](const CLI::App* one) { return !one->get_group().empty(); }))
    print_matching(session, app->get_name(), app->get_description(), prefix);
}

/// Names from the cluster, or none where it does not answer at once: completion never says why.
void complete_gateways(Session& session, const std::string& prefix) {
  session.overrides().request_timeout = "1s";
  try {
    for (const mesh::Summary& one : fleet::list_gateways(session.cluster("complete"), session.ns()))
      print_matching(session, one.record.egress.name, one.record.egress.host, prefix);
  } catch (const Error&) {
  }
}

int run(Session& session, const CLI::App& root, const std::vector<std::string>& words) {
  const std::string last = words.empty() ? "" : words.back();
  const CLI::App* command = nullptr;
  for (std::size_t i = 0; i + 1 < words.size() && command == nullptr; ++i)
    for (const CLI::App* app : root.get_subcommands([](const CLI::App*) { return true; }))
      if (app->check_name(words[i])) command = app;

  if (last.starts_with('-')) {
    if (command != nullptr) complete_flags(session, *command, last);
    complete_flags(session, root, last);
  } else if (command == nullptr) {
    complete_commands(session, root, last);
  } else if (command->get_name() == "inspect" || command->get_name() == "delete") {
    complete_gateways(session, last);
  }
  session.out() << no_files;
  return 0;
}

}  // namespace

Command complete_command(CLI::App& root, Session& session) {
  CLI::App* app = root.add_subcommand("__complete", "Print what may follow the given words")->group("");
  auto words = std::make_shared<std::vector<std::string>>();
  app->prefix_command();
  return {app, [&session, &root, app] { return run(session, root, app->remaining()); }};
}

}  // namespace egress::cli
