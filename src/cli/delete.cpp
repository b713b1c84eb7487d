#include <memory>
#include <ostream>

#include "egress/base/error.hpp"
#include "egress/base/interruption.hpp"
#include "egress/base/text.hpp"
#include "egress/cli/command.hpp"
#include "egress/cli/progress.hpp"
#include "egress/fleet/hints.hpp"
#include "egress/fleet/hold.hpp"
#include "egress/fleet/inventory.hpp"
#include "egress/fleet/remove.hpp"
#include "egress/kube/access.hpp"

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
  std::string drain = "5s";
  WaitFlags waiting;
};

std::chrono::milliseconds drain_of(const Options& options) {
  const auto drain = kube::parse_duration(options.drain);
  if (!drain) throw UsageError("--drain is a time such as 5s, not \"" + printable(options.drain, 100) + "\"");
  return *drain;
}

std::string suffix(const std::string& dry_run) {
  if (dry_run == "client") return " (dry run)";
  return dry_run == "server" ? " (server dry run)" : "";
}

/// Deletes one, and says how that went.
void remove_one(Session& session, const Options& options, const mesh::Record& record) {
  const std::string after = suffix(options.dry_run);
  Progress progress(session, options.output.empty(), after);
  const fleet::Reporter reporter = progress.reporter();
  notice_interruptions();
  bool gone = true;
  if (options.dry_run == "client")
    for (const mesh::Reference& one : mesh::in_order_of_removal(record)) reporter.wrote(one, "deleted");
  else
    gone = fleet::remove(session.cluster("delete"), record,
                         {.wait = options.waiting.wait,
                          .dry_run = options.dry_run == "server",
                          .timeout = options.waiting.duration(),
                          .drain = drain_of(options)},
                         reporter);
  progress.done();
  if (!gone)
    return session.warn(fleet::described(record.egress) +
                        " is going, but not all of it is gone yet: the same delete finishes it");
  session.out() << "egressgateway/" << record.egress.name;
  if (options.output.empty()) session.out() << " deleted" << after;
  session.out() << '\n';
}

/// A gateway that cannot be deleted does not keep the others.
bool try_remove(Session& session, const Options& options, const mesh::Record& record) {
  try {
    remove_one(session, options, record);
    return true;
  } catch (const fleet::HoldLost& lost) {
    session.tell(lost);
    return false;
  } catch (const Error& error) {
    session.tell(Error(
        fleet::described(record.egress) + " is not deleted, or not all of it: " + error.what(),
        fleet::inspect_command(record.egress) + " shows what is left; the same delete goes on from there."));
    return false;
  }
}

int run(Session& session, const Options& options) {
  check_word("--dry-run", options.dry_run, {"none", "client", "server"});
  if (!options.output.empty()) check_word("--output", options.output, {"name"});
  options.waiting.duration();
  drain_of(options);
  const std::string ns = session.ns();
  const auto records = fleet::read_records(session.cluster("delete"), options.names, ns);

  bool all = true;
  for (std::size_t i = 0; i < options.names.size(); ++i) {
    if (was_interrupted()) return 1;
    if (records[i]) {
      all = try_remove(session, options, *records[i]) && all;
    } else if (!options.ignore_not_found) {
      session.tell(fleet::not_found(options.names[i], ns));
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
  app->add_option("--drain", options->drain, "How long the pods stay after callers were sent elsewhere")
      ->type_name("")
      ->default_str("5s");
  options->waiting.add(*app, "until the objects are gone");
  app->footer(examples);
  return {app, [&session, options] { return run(session, *options); }};
}

}  // namespace egress::cli
