#include <memory>
#include <ostream>

#include "egress/base/text.hpp"
#include "egress/cli/command.hpp"
#include "egress/cli/gateway_filter.hpp"
#include "egress/cli/gateway_table.hpp"
#include "egress/cli/print_flags.hpp"
#include "egress/cli/watch.hpp"
#include "egress/fleet/hints.hpp"
#include "egress/fleet/inventory.hpp"
#include "egress/mesh/full_name.hpp"
#include "egress/mesh/names.hpp"
#include "egress/render/object_printer.hpp"

namespace egress::cli {
namespace {

constexpr const char* examples = R"(  # List the egress gateways in the current namespace
  kubectl egress list

  # List the gateways in all namespaces with port, image and Istio version
  kubectl egress list -A -o wide

  # List the gateways as JSON for scripts
  kubectl egress list -A -o json

  # List name and status of the gateways with a label, sorted by name
  kubectl egress list -l team=shop --sort-by .metadata.name -o custom-columns=NAME:.metadata.name,STATUS:.status.phase)";

/// The number of gateways held in memory at a time, each with about 15 objects.
constexpr int default_chunk_size = 100;

struct Options {
  std::vector<std::string> names;
  bool all_namespaces = false;
  bool no_headers = false;
  bool show_labels = false;
  bool watch = false;
  bool watch_only = false;
  bool watch_events = false;
  std::string selector;
  std::string sort_by;
  int chunk_size = default_chunk_size;
  PrintFlags print;
};

/// Prints the table page by page.
void print_table(Session& session, fleet::GatewayPages& pages, GatewayFilter& gateway_filter,
                 const std::string& ns, GatewayTable table) {
  bool has_printed = false;
  for (auto page = gateway_filter.next_page(pages); !page.empty(); page = gateway_filter.next_page(pages)) {
    session.out() << table.lines(page) << std::flush;
    has_printed = true;
  }
  if (!has_printed && gateway_filter.missing_names().empty())
    session.err() << "No egress gateways found" << (ns.empty() ? "." : " in " + ns + " namespace.") << '\n';
}

void print_names(Session& session, fleet::GatewayPages& pages, GatewayFilter& gateway_filter) {
  for (auto page = gateway_filter.next_page(pages); !page.empty(); page = gateway_filter.next_page(pages))
    for (const mesh::Summary& summary : page)
      session.out() << "egressgateway/" << summary.record.egress.name << '\n';
}

void print_items(Session& session, fleet::GatewayPages& pages, GatewayFilter& gateway_filter,
                 render::Output output, const Options& options) {
  if (options.no_headers && output.columns) output.columns->hide_headers();
  const auto layout =
      options.names.size() == 1 ? render::ObjectPrinter::Layout::one : render::ObjectPrinter::Layout::list;
  render::ObjectPrinter printer(session.out(), std::move(output), layout);
  for (auto page = gateway_filter.next_page(pages); !page.empty(); page = gateway_filter.next_page(pages)) {
    std::vector<Json> items;
    for (const mesh::Summary& summary : page) items.push_back(mesh::to_json(summary));
    printer.add(std::move(items));
  }
  if (gateway_filter.missing_names().empty()) printer.end();
}

GatewayTable::Columns table_columns(const Session& session, const Options& options,
                                    const render::Output& output) {
  return {.header = !options.no_headers,
          .event = options.watch_events,
          .ns = options.all_namespaces,
          .wide = output.format == render::OutputFormat::wide,
          .labels = options.show_labels,
          .palette = session.palette()};
}

int run_watch(Session& session, const Options& options, render::Output output,
              GatewayFilter& gateway_filter) {
  if (!options.sort_by.empty())
    session.err() << "warning: --watch requested, --sort-by will be ignored for watch events received\n";
  const WatchOptions watch_options{.ns = options.all_namespaces ? "" : session.ns(),
                                   .only_changes = options.watch_only,
                                   .events = options.watch_events,
                                   .columns = table_columns(session, options, output)};
  if (options.no_headers && output.columns) output.columns->hide_headers();
  watch(session, watch_options, std::move(output), gateway_filter);
  return 0;
}

/// A gateway whose record is missing is in no list.
void warn_about_orphans(const Session& session, const fleet::GatewayPages& pages,
                        const GatewayFilter& gateway_filter) {
  for (const auto& [ns, name] : pages.orphans()) {
    mesh::Egress egress;
    egress.name = name;
    egress.ns = ns;
    if (gateway_filter.matches(egress))
      session.warn(mesh::full_name(egress) + " has objects but no record (" +
                   mesh::full_name(mesh::Reference{mesh::record_resource, ns, mesh::object_name(name)}) +
                   "); to restore it, repeat its create or apply; to delete its objects: " +
                   fleet::delete_command(egress));
  }
}

int run(Session& session, const Options& options) {
  render::Output output = options.print.parse_output();
  if (options.chunk_size < 0)
    throw UsageError("--chunk-size must not be negative", "use 0 to list everything in one request");
  if (options.all_namespaces && !options.names.empty())
    throw UsageError("a gateway cannot be retrieved by name across all namespaces",
                     "omit --all-namespaces or the name");
  GatewayFilter gateway_filter(options.names, options.selector, options.sort_by);
  if (options.watch || options.watch_only)
    return run_watch(session, options, std::move(output), gateway_filter);
  if (options.watch_events)
    throw Error("--output-watch-events option can only be used with --watch or --watch-only");
  const std::string ns = options.all_namespaces ? "" : session.ns();
  fleet::GatewayPages pages(session.cluster("list"), ns, options.chunk_size);
  if (output.format == render::OutputFormat::human || output.format == render::OutputFormat::wide)
    print_table(session, pages, gateway_filter, ns, GatewayTable(table_columns(session, options, output)));
  else if (output.format == render::OutputFormat::name)
    print_names(session, pages, gateway_filter);
  else
    print_items(session, pages, gateway_filter, output, options);
  for (const std::string& fault : pages.unreadable()) session.warn(fault);
  warn_about_orphans(session, pages, gateway_filter);
  for (const std::string& name : gateway_filter.missing_names())
    session.report(fleet::gateway_not_found(name, ns));
  return gateway_filter.missing_names().empty() ? 0 : 1;
}

}  // namespace

Command list_command(CLI::App& root, Session& session) {
  FlagSet flags = FlagSet::add_command(root, "list", "List egress gateways", {"ls", "get"});
  auto options = std::make_shared<Options>();
  add_gateway_names(flags, options->names, "Gateways to list (default: all in the namespace)");
  flags.add_switch("-A,--all-namespaces", options->all_namespaces, "List the gateways in all namespaces");
  flags.add_switch("--no-headers", options->no_headers, "Do not print the header line");
  flags.add_switch("--show-labels", options->show_labels, "Show all labels as the last column");
  flags.add("-l,--selector", options->selector, "Label selector, such as a=b,c!=d,e in (f,g),!h");
  flags.add("--sort-by", options->sort_by, "JSONPath of the field to sort by, such as .spec.port");
  flags.add("--chunk-size", options->chunk_size,
            "Return large lists in chunks of this size; 0 disables chunking");
  options->print.add(flags, "Output format: wide, json, yaml, name, jsonpath=... or custom-columns=...");
  flags.add_switch("-w,--watch", options->watch, "After listing, watch for changes");
  flags.add_switch("--watch-only", options->watch_only, "Watch for changes without listing first");
  flags.add_switch("--output-watch-events", options->watch_events,
                   "Show the type of each watch event: ADDED, MODIFIED or DELETED");
  flags.set_examples(examples);
  return {flags.app(), [&session, options] { return run(session, *options); }};
}

}  // namespace egress::cli
