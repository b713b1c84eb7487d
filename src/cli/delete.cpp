#include <memory>
#include <ostream>

#include "egress/base/error.hpp"
#include "egress/cli/command.hpp"
#include "egress/cli/progress.hpp"
#include "egress/fleet/inventory.hpp"
#include "egress/fleet/remove.hpp"

namespace egress::cli {
namespace {

constexpr const char* examples = R"(Examples:
  # Callers are sent away from it first; then everything it is made of goes
  kubectl egress delete httpbin

  # Several, without a word about those that are not there
  kubectl egress delete httpbin payments -n egress --ignore-not-found)";

struct Options {
  std::vector<std::string> names;
  bool ignore_not_found = false;
  std::string dry_run = "none";
  std::string output;
  WaitFlags waiting;
};

std::string suffix(const std::string& dry_run) {
  if (dry_run == "client") return " (dry run)";
  return dry_run == "server" ? " (server dry run)" : "";
}

/// Deletes one, and says so; a gateway that cannot be deleted does not keep the others.
bool remove_one(Session& session, const Options& options, const kube::Served& served,
                const mesh::Record& record) {
  const std::string after = suffix(options.dry_run);
  try {
    Progress progress(session, options.output.empty(), after);
    const fleet::Removing removing{options.waiting.wait, options.dry_run == "server",
                                   options.waiting.duration()};
    if (options.dry_run != "client")
      fleet::remove(session.cluster("delete"), served, record, removing, progress.reporter());
    progress.done();
  } catch (const Error& error) {
    session.err() << "error: egressgateway \"" << record.egress.name << "\" is not deleted: " << error.what()
                  << '\n'
                  << "hint: kubectl egress inspect " << record.egress.name << " -n " << record.egress.ns
                  << " shows what is left; the same delete goes on from there.\n";
    return false;
  }
  session.out() << "egressgateway/" << record.egress.name;
  if (options.output.empty()) session.out() << " deleted" << after;
  session.out() << '\n';
  return true;
}

int run(Session& session, const Options& options) {
  check_word("--dry-run", options.dry_run, {"none", "client", "server"});
  if (!options.output.empty()) check_word("--output", options.output, {"name"});
  options.waiting.duration();
  const std::string ns = session.ns();
  const auto found = fleet::read_records(session.cluster("delete"), options.names, ns);

  bool all = true;
  for (std::size_t i = 0; i < options.names.size(); ++i) {
    if (found.records[i]) {
      all = remove_one(session, options, found.served, *found.records[i]) && all;
    } else if (!options.ignore_not_found) {
      const Error error = fleet::not_found(options.names[i], ns);
      session.err() << error.headline() << "\nhint: " << error.hint() << '\n';
      all = false;
    }
  }
  return all ? 0 : 1;
}

}  // namespace

Command delete_command(CLI::App& root, Session& session) {
  CLI::App* app = root.add_subcommand("delete", "Remove all objects of egress gateways, and nothing else");
  auto options = std::make_shared<Options>();
  app->add_option("NAME", options->names, "The gateways")->required()->type_name("")->take_all();
  app->add_flag("--ignore-not-found", options->ignore_not_found, "A gateway that is not there is no error");
  add_dry_run_flag(*app, options->dry_run);
  app->add_option("-o,--output", options->output, "name")->type_name("");
  options->waiting.add(*app, "until the objects are gone");
  app->footer(examples);
  return {app, [&session, options] { return run(session, *options); }};
}

}  // namespace egress::cli
