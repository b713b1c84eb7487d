#include <memory>
#include <ostream>

#include "egress/base/error.hpp"
#include "egress/base/text.hpp"
#include "egress/cli/batch_run.hpp"
#include "egress/cli/gateway_deletion.hpp"
#include "egress/cli/targets.hpp"
#include "egress/fleet/delete_preflight.hpp"
#include "egress/kube/connection.hpp"

namespace egress::cli {
namespace {

constexpr const char* examples =
    R"(  # Route traffic away from a gateway, then delete all its objects
  kubectl egress delete httpbin

  # Delete several gateways and ignore those that do not exist
  kubectl egress delete httpbin payments -n egress --ignore-not-found

  # Delete the gateways of a file
  kubectl egress delete -f gateways.yaml

  # Show what would be deleted for one team in all namespaces
  kubectl egress delete -A -l team=shop --dry-run=server)";

constexpr const char* output_formats = "json|yaml|name";

struct Options {
  Targets targets;
  bool ignore_not_found = false;
  bool interactive = false;
  std::string dry_run = "none";
  std::string output;
  std::string drain = "5s";
  WaitFlags wait_flags;
};

std::chrono::milliseconds parse_drain(const Options& options) {
  const auto drain = kube::parse_duration(options.drain);
  if (!drain)
    throw UsageError("--drain: \"" + printable(options.drain, 100) + "\" is not a duration such as 5s or 1m");
  return *drain;
}

/// Asks with kubectl's text (pkg/cmd/delete/delete.go, 1.36), but on stderr: stdout lists what is deleted.
bool confirm_deletion(Session& session, const std::vector<mesh::Record>& records) {
  session.err() << "You are about to delete the following " << records.size() << " resource(s):\n";
  for (const mesh::Record& record : records) {
    const bool in_current_namespace = record.egress.ns == session.ns();
    session.err() << "egressgateway/" << record.egress.name
                  << (in_current_namespace ? "" : " -n " + record.egress.ns) << '\n';
  }
  session.err() << "Do you want to continue? (y/N): " << std::flush;
  const bool confirmed = to_lower(session.read_word()) == "y";
  if (!confirmed) session.err() << "deletion is cancelled\n";
  return confirmed;
}

void check(const Options& options) {
  check_dry_run(options.dry_run);
  if (!options.output.empty()) check_allowed_value("--output", options.output, split(output_formats, '|'));
  options.targets.check();
  if (options.interactive && options.targets.reads_stdin())
    throw UsageError("--interactive and -f - cannot be combined because both read stdin",
                     "write the manifests to a file and use -f FILE");
  options.wait_flags.duration();
  parse_drain(options);
}

/// Starts the output and reports the gateways that cannot be deleted.
void begin_results(Session& session, const Options& options, const Targets::LookupResult& targets) {
  std::vector<mesh::GatewayName> gateways;
  for (const mesh::Record& record : targets.records)
    gateways.emplace_back(record.egress.ns, record.egress.name);
  std::vector<Targets::LookupError> lookup_errors = targets.unreadable;
  if (!options.ignore_not_found)
    lookup_errors.insert(lookup_errors.end(), targets.missing.begin(), targets.missing.end());
  for (const Targets::LookupError& error : lookup_errors) gateways.push_back(error.gateway);
  if (options.output != "name")
    session.results().begin(options.output, std::move(gateways), !options.targets.is_single());
  for (const auto* group : {&targets.unreadable, &targets.missing}) {
    if (group == &targets.missing && options.ignore_not_found) continue;
    std::vector<Error> errors;
    for (const Targets::LookupError& error : *group) {
      errors.push_back(error.error);
      session.results().add_failure(error.error, error.gateway);
    }
    report_errors(session, errors);
  }
}

int run(Session& session, const Options& options) {
  check(options);
  Targets::LookupResult targets = options.targets.find(session, "delete");
  begin_results(session, options, targets);
  session.results().set_stage(fleet::Outcome::Stage::preflight);
  std::vector<fleet::MemberMetadataList> metadata;
  if (options.dry_run != "client")
    metadata = fleet::check_deletion(session.cluster("delete"), targets.records);
  if (options.interactive && !targets.records.empty() && !confirm_deletion(session, targets.records)) {
    session.results().end();
    return 0;
  }
  const bool all_found = targets.unreadable.empty() && (options.ignore_not_found || targets.missing.empty());
  const GatewayDeletion deletion{"delete",
                                 "deleted",
                                 options.dry_run,
                                 options.output,
                                 {.wait = options.wait_flags.wait,
                                  .dry_run = options.dry_run == "server",
                                  .timeout = options.wait_flags.duration(),
                                  .drain = parse_drain(options)},
                                 true};
  const bool all_deleted = delete_gateways(session, deletion, targets.records, metadata);
  session.results().end();
  return all_deleted && all_found ? 0 : 1;
}

}  // namespace

Command delete_command(CLI::App& root, Session& session) {
  FlagSet flags = FlagSet::add_command(root, "delete", "Delete egress gateways and all their objects");
  auto options = std::make_shared<Options>();
  options->targets.add(flags);
  flags.add_switch("--ignore-not-found", options->ignore_not_found,
                   "Treat \"not found\" as a successful delete");
  flags.add_switch("-i,--interactive", options->interactive, "Ask for confirmation before deleting");
  add_dry_run_flag(flags, options->dry_run);
  flags
      .add("-o,--output", options->output,
           "Output format: name, or json or yaml for the outcome of each gateway")
      .type(output_formats);
  flags.add("--drain", options->drain,
            "How long to keep the pods after traffic is routed elsewhere (ignored with --wait=false)");
  options->wait_flags.add(flags, "until the objects are deleted");
  flags.set_examples(examples);
  return {flags.app(), [&session, options] { return run(session, *options); },
          "(NAME... | -f FILENAME | -l SELECTOR | --all)"};
}

}  // namespace egress::cli
