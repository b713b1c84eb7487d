#include <memory>
#include <optional>
#include <ostream>
#include <set>
#include <utility>

#include "egress/base/text.hpp"
#include "egress/cli/gateway_deletion.hpp"
#include "egress/cli/gateway_writer.hpp"
#include "egress/cli/manifest_files.hpp"
#include "egress/cli/value_type.hpp"
#include "egress/fleet/delete_preflight.hpp"
#include "egress/fleet/inventory.hpp"
#include "egress/kube/label_selector.hpp"
#include "egress/mesh/full_name.hpp"

namespace egress::cli {
namespace {

constexpr const char* examples = R"(  # Create or update the gateways of a file
  kubectl egress apply -f gateways.yaml

  # Show what would be done, validated by the server
  kubectl egress apply -f gateways.yaml --dry-run=server

  # Also delete the gateways in the same namespaces that are not in the file
  kubectl egress apply -f gateways.yaml --prune

  # Change one setting of a gateway
  kubectl egress inspect httpbin -o yaml | sed 's/max: 5/max: 9/' | kubectl egress apply -f -)";

struct Options {
  std::vector<std::string> files;
  bool recursive = false;
  std::optional<std::string> selector;
  bool prune = false;
  WriteFlags write;
  KubectlWriteFlags kubectl;
};

/// The gateways to prune and the result of their preflight.
struct PrunePlan {
  std::vector<mesh::Record> records;
  fleet::DeletePreflight preflight;
};

bool write(Session& session, const Options& options, std::vector<mesh::Egress> gateways,
           const PrunePlan& prune_plan) {
  const auto& missing_permissions = prune_plan.preflight.lacking;
  if (gateways.size() > 1)
    return write_gateways(session, "apply", options.write, std::move(gateways), missing_permissions);
  write_gateway(session, "apply", options.write, gateways.front(), IfExists::update, missing_permissions);
  return true;
}

/// The gateways that match the selector.
std::vector<mesh::Egress> select_gateways(std::vector<mesh::Egress> gateways,
                                          const kube::LabelSelector& selector) {
  std::erase_if(gateways,
                [&](const mesh::Egress& gateway) { return !selector.matches(mesh::record_labels(gateway)); });
  if (gateways.empty())
    throw Error("no gateway in the files matches --selector",
                "the selector matches metadata.labels; to delete existing gateways: "
                "kubectl egress delete -l SELECTOR");
  return gateways;
}

/// The gateways in the namespaces of the files that match the selector and are not in the files.
std::vector<mesh::Record> gateways_not_in_files(kube::Cluster& cluster,
                                                const std::set<mesh::GatewayName>& names_in_files,
                                                const kube::LabelSelector& selector) {
  std::set<std::string> namespaces;
  for (const auto& [ns, name] : names_in_files) namespaces.insert(ns);
  fleet::Records records = fleet::list_records(cluster, namespaces, [&](const mesh::Record& record) {
    return !names_in_files.contains({record.egress.ns, record.egress.name}) &&
           selector.matches(record.labels);
  });
  for (const fleet::UnreadableRecord& record : records.unreadable)
    if (selector.matches(record.labels)) throw Error("nothing was pruned: " + record.why);
  return std::move(records.found);
}

/// Runs before anything is written, so that prune cannot fail for lack of permission later.
PrunePlan plan_prune(Session& session, const Options& options,
                     const std::set<mesh::GatewayName>& names_in_files, const kube::LabelSelector& selector) {
  if (!options.prune) return {};
  kube::Cluster& cluster = session.cluster("apply");
  PrunePlan prune_plan{gateways_not_in_files(cluster, names_in_files, selector), {}};
  prune_plan.preflight = fleet::run_delete_preflight(cluster, prune_plan.records);
  for (const mesh::Record& record : prune_plan.records)
    session.err() << mesh::full_name(record.egress) << " is not in the files and will be pruned\n";
  return prune_plan;
}

bool prune(Session& session, const Options& options, const PrunePlan& prune_plan) {
  return delete_gateways(session,
                         {"apply",
                          "pruned",
                          options.write.dry_run,
                          options.write.output,
                          {.wait = options.write.wait_flags.wait,
                           .dry_run = options.write.dry_run == "server",
                           .timeout = options.write.wait_flags.duration(),
                           .drain = default_drain}},
                         prune_plan.records, prune_plan.preflight.seen);
}

void check(const Options& options) {
  options.write.check();
  options.kubectl.check();
  if (options.files.empty()) throw UsageError("no files specified", "use -f FILENAME");
  if (options.selector && trim(*options.selector).empty())
    throw UsageError("--selector is empty and would match every gateway",
                     "omit --selector to apply every gateway");
  if (options.prune && options.write.dry_run == "client")
    throw UsageError("--prune must contact the cluster and cannot be used with --dry-run=client",
                     "use --dry-run=server");
}

int run(Session& session, const Options& options) {
  check(options);
  const auto selector = kube::LabelSelector::parse(options.selector.value_or(""));
  auto gateways_in_files = read_gateways(session, read_documents(options.files, options.recursive));
  std::set<mesh::GatewayName> names_in_files;
  for (const mesh::Egress& gateway : gateways_in_files) names_in_files.emplace(gateway.ns, gateway.name);
  auto gateways = select_gateways(std::move(gateways_in_files), selector);
  const PrunePlan prune_plan = plan_prune(session, options, names_in_files, selector);
  const bool all_applied = write(session, options, std::move(gateways), prune_plan);
  if (!all_applied && options.prune)
    session.warn("nothing was pruned because some gateways could not be applied");
  const bool pruned = all_applied && prune(session, options, prune_plan);
  session.results().end();
  return pruned ? 0 : 1;
}

}  // namespace

Command apply_command(CLI::App& root, Session& session) {
  FlagSet flags = FlagSet::add_command(root, "apply", "Create or update egress gateways from files");
  auto options = std::make_shared<Options>();
  flags.add("-f,--filename", options->files, "File or folder with manifests, or - for stdin; repeatable")
      .type(value_type::manifest);
  flags.add_switch("-R,--recursive", options->recursive, "Process the folders of -f recursively");
  flags.add("-l,--selector", options->selector,
            "Label selector; limits the gateways applied and the gateways pruned");
  flags.add_switch("--prune", options->prune,
                   "Delete the gateways in the namespaces of the files that are not in the files");
  options->write.add(flags);
  options->kubectl.add(flags);
  flags.add_switch("--fail-fast", options->write.fail_fast,
                   "Write nothing if the check of any gateway fails, and stop at the first failed write");
  flags.set_examples(examples);
  return {flags.app(), [&session, options] { return run(session, *options); }, "-f FILENAME"};
}

}  // namespace egress::cli
