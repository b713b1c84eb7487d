#include <memory>
#include <ostream>

#include "egress/base/error.hpp"
#include "egress/base/text.hpp"
#include "egress/cli/removal.hpp"
#include "egress/cli/tally.hpp"
#include "egress/cli/targets.hpp"
#include "egress/fleet/removal_check.hpp"
#include "egress/kube/access.hpp"

namespace egress::cli {
namespace {

constexpr const char* examples =
    R"(  # Callers are sent away from it first; then everything it is made of goes
  kubectl egress delete httpbin

  # Several, without a word about those that are not there
  kubectl egress delete httpbin payments -n egress --ignore-not-found

  # Those that a file names
  kubectl egress delete -f gateways.yaml

  # What would go of one team, in every namespace
  kubectl egress delete -A -l team=shop --dry-run=server)";

constexpr const char* output_words = "json|yaml|name";

struct Options {
  Targets targets;
  bool ignore_not_found = false;
  bool interactive = false;
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

/// With the words of kubectl (pkg/cmd/delete/delete.go, 1.36), but on stderr: stdout is for what is deleted.
bool is_confirmed(Session& session, const std::vector<mesh::Record>& records) {
  session.err() << "You are about to delete the following " << records.size() << " resource(s):\n";
  for (const mesh::Record& one : records) {
    const bool here = one.egress.ns == session.ns();
    session.err() << "egressgateway/" << one.egress.name << (here ? "" : " -n " + one.egress.ns) << '\n';
  }
  session.err() << "Do you want to continue? (y/N): " << std::flush;
  const bool confirmed = lower(session.answer()) == "y";
  if (!confirmed) session.err() << "deletion is cancelled\n";
  return confirmed;
}

void check(const Options& options) {
  check_dry_run(options.dry_run);
  if (!options.output.empty()) check_word("--output", options.output, split(output_words, '|'));
  options.targets.check();
  if (options.interactive && options.targets.reads_stdin())
    throw UsageError("--interactive reads the answer from stdin, and -f - the gateways",
                     "Write them to a file: -f FILE.");
  options.waiting.duration();
  drain_of(options);
}

/// Begins to print, first of those that cannot be deleted.
void begin_results(Session& session, const Options& options, const Targets::Found& found) {
  std::vector<mesh::GatewayName> gateways;
  for (const mesh::Record& one : found.records) gateways.emplace_back(one.egress.ns, one.egress.name);
  std::vector<Targets::Missed> missed = found.unreadable;
  if (!options.ignore_not_found) missed.insert(missed.end(), found.missing.begin(), found.missing.end());
  for (const Targets::Missed& one : missed) gateways.push_back(one.gateway);
  if (options.output != "name")
    session.results().begin(options.output, std::move(gateways), !options.targets.is_single());
  for (const auto* all : {&found.unreadable, &found.missing}) {
    if (all == &found.missing && options.ignore_not_found) continue;
    std::vector<Error> errors;
    for (const Targets::Missed& one : *all) {
      errors.push_back(one.error);
      session.results().fail(one.error, one.gateway);
    }
    tell_first(session, errors);
  }
}

int run(Session& session, const Options& options) {
  check(options);
  Targets::Found found = options.targets.find(session, "delete");
  begin_results(session, options, found);
  session.results().enter(fleet::Outcome::Stage::preflight);
  std::vector<fleet::Sightings> seen;
  if (options.dry_run != "client") seen = fleet::check_removal(session.cluster("delete"), found.records);
  if (options.interactive && !found.records.empty() && !is_confirmed(session, found.records)) {
    session.results().end();
    return 0;
  }
  const bool all = found.unreadable.empty() && (options.ignore_not_found || found.missing.empty());
  const Removal removal{"delete",
                        "deleted",
                        options.dry_run,
                        options.output,
                        {.wait = options.waiting.wait,
                         .dry_run = options.dry_run == "server",
                         .timeout = options.waiting.duration(),
                         .drain = drain_of(options)},
                        true};
  const bool removed = remove_gateways(session, removal, found.records, seen);
  session.results().end();
  return removed && all ? 0 : 1;
}

}  // namespace

Command delete_command(CLI::App& root, Session& session) {
  FlagSet flags =
      FlagSet::add_command(root, "delete", "Remove all objects of egress gateways, and nothing else");
  auto options = std::make_shared<Options>();
  options->targets.add(flags);
  flags.add_switch("--ignore-not-found", options->ignore_not_found,
                   "A gateway that is not there is no error");
  flags.add_switch("-i,--interactive", options->interactive, "Ask before anything is deleted");
  add_dry_run_flag(flags, options->dry_run);
  flags.add("-o,--output", options->output, "Print the outcome of each gateway: json or yaml; or name")
      .type(output_words);
  flags.add("--drain", options->drain,
            "How long the pods stay after callers were sent elsewhere; not at all with --wait=false");
  options->waiting.add(flags, "until the objects are gone");
  flags.set_examples(examples);
  return {flags.app(), [&session, options] { return run(session, *options); },
          "(NAME... | -f FILENAME | -l SELECTOR | --all)"};
}

}  // namespace egress::cli
