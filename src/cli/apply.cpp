#include <memory>
#include <optional>
#include <ostream>
#include <set>
#include <utility>

#include "egress/base/text.hpp"
#include "egress/cli/files.hpp"
#include "egress/cli/removal.hpp"
#include "egress/cli/value_type.hpp"
#include "egress/cli/writing.hpp"
#include "egress/fleet/hints.hpp"
#include "egress/fleet/inventory.hpp"
#include "egress/fleet/removal_check.hpp"
#include "egress/kube/label_selector.hpp"

namespace egress::cli {
namespace {

constexpr const char* examples = R"(  # Make the gateways of a file, or make those that stand as it says
  kubectl egress apply -f gateways.yaml

  # What would be done, checked by the server
  kubectl egress apply -f gateways.yaml --dry-run=server

  # Delete those of the same namespaces that the files no longer name, too
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

/// What is to be deleted, and what is known of it.
struct Pruning {
  std::vector<mesh::Record> records;
  fleet::RemovalCheck check;
};

bool write(Session& session, const Options& options, std::vector<mesh::Egress> gateways,
           const Pruning& pruning) {
  const auto& lacking = pruning.check.lacking;
  if (gateways.size() > 1)
    return write_gateways(session, "apply", options.write, std::move(gateways), lacking);
  write_gateway(session, "apply", options.write, gateways.front(), Standing::updated, lacking);
  return true;
}

/// Those of the files' gateways that the selector lets through.
std::vector<mesh::Egress> chosen(std::vector<mesh::Egress> gateways, const kube::LabelSelector& selector) {
  std::erase_if(gateways,
                [&](const mesh::Egress& one) { return !selector.matches(mesh::record_labels(one)); });
  if (gateways.empty())
    throw Error("no gateway in the files has labels that --selector lets through",
                "A gateway's labels are its metadata.labels. To delete those that stand: "
                "kubectl egress delete -l SELECTOR");
  return gateways;
}

/// The gateways in the namespaces of the files that no file names, as far as the selector lets them through.
std::vector<mesh::Record> unnamed(kube::Cluster& cluster, const std::set<mesh::GatewayName>& named,
                                  const kube::LabelSelector& selector) {
  std::set<std::string> namespaces;
  for (const auto& [ns, name] : named) namespaces.insert(ns);
  fleet::Records records = fleet::records_in(cluster, namespaces, [&](const mesh::Record& one) {
    return !named.contains({one.egress.ns, one.egress.name}) && selector.matches(one.labels);
  });
  for (const fleet::UnreadableRecord& one : records.unreadable)
    if (selector.matches(one.labels)) throw Error("nothing was pruned: " + one.why);
  return std::move(records.found);
}

/// It is known before anything is written.
Pruning to_prune(Session& session, const Options& options, const std::set<mesh::GatewayName>& named,
                 const kube::LabelSelector& selector) {
  if (!options.prune) return {};
  kube::Cluster& cluster = session.cluster("apply");
  Pruning pruning{unnamed(cluster, named, selector), {}};
  pruning.check = fleet::look_before_removal(cluster, pruning.records);
  for (const mesh::Record& one : pruning.records)
    session.err() << fleet::described(one.egress) << " will be pruned: the files do not name it\n";
  return pruning;
}

bool prune(Session& session, const Options& options, const Pruning& pruning) {
  return remove_gateways(session,
                         {"apply",
                          "pruned",
                          options.write.dry_run,
                          options.write.output,
                          {.wait = options.write.waiting.wait,
                           .dry_run = options.write.dry_run == "server",
                           .timeout = options.write.waiting.duration(),
                           .drain = default_drain}},
                         pruning.records, pruning.check.seen);
}

void check(const Options& options) {
  options.write.check();
  options.kubectl.check();
  if (options.files.empty()) throw UsageError("apply needs the files: -f FILE");
  if (options.selector && trimmed(*options.selector).empty())
    throw UsageError("--selector is empty, and would let everything through", "Leave it out to mean all.");
  if (options.prune && options.write.dry_run == "client")
    throw UsageError("--prune has to ask the cluster what is there", "Use --dry-run=server.");
}

int run(Session& session, const Options& options) {
  check(options);
  const auto selector = kube::LabelSelector::parse(options.selector.value_or(""));
  auto of_files = read_gateways(session, read_documents(options.files, options.recursive));
  std::set<mesh::GatewayName> named;
  for (const mesh::Egress& one : of_files) named.emplace(one.ns, one.name);
  auto gateways = chosen(std::move(of_files), selector);
  const Pruning pruning = to_prune(session, options, named, selector);
  const bool all = write(session, options, std::move(gateways), pruning);
  if (!all && options.prune)
    session.warn("nothing was pruned, as not all of the files' gateways are as they say");
  const bool pruned = all && prune(session, options, pruning);
  session.results().end();
  return pruned ? 0 : 1;
}

}  // namespace

Command apply_command(CLI::App& root, Session& session) {
  FlagSet flags =
      FlagSet::add_command(root, "apply", "Make egress gateways as files say, or change them to it");
  auto options = std::make_shared<Options>();
  flags.add("-f,--filename", options->files, "A file, a folder, or - for stdin; may be repeated")
      .type(value_type::manifest);
  flags.add_switch("-R,--recursive", options->recursive, "Take the files below a folder, too");
  flags.add("-l,--selector", options->selector,
            "Those with such labels alone, of the files and of what --prune deletes: a=b,c!=d,e in (f,g),!h");
  flags.add_switch("--prune", options->prune,
                   "Delete the gateways in the files' namespaces that the files do not name");
  options->write.add(flags);
  options->kubectl.add(flags);
  flags.add_switch("--fail-fast", options->write.fail_fast,
                   "Write nothing where one gateway's check fails, and stop where a write fails");
  flags.set_examples(examples);
  return {flags.app(), [&session, options] { return run(session, *options); }, "-f FILENAME"};
}

}  // namespace egress::cli
