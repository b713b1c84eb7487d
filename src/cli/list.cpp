#include <memory>
#include <ostream>

#include "egress/base/text.hpp"
#include "egress/cli/choice.hpp"
#include "egress/cli/command.hpp"
#include "egress/cli/gateway_table.hpp"
#include "egress/cli/print_flags.hpp"
#include "egress/cli/watch.hpp"
#include "egress/fleet/hints.hpp"
#include "egress/fleet/inventory.hpp"
#include "egress/mesh/names.hpp"
#include "egress/render/object_printer.hpp"

namespace egress::cli {
namespace {

constexpr const char* examples = R"(  # The egress gateways of the current namespace
  kubectl egress list

  # Those of every namespace, with port, image and the Istio they were made for
  kubectl egress list -A -o wide

  # For scripts
  kubectl egress list -A -o json

  # Name and status alone, by name, of those that are labelled so
  kubectl egress list -l team=shop --sort-by .metadata.name -o custom-columns=NAME:.metadata.name,STATUS:.status.phase)";

/// Gateways that are in memory at one time: some 15 objects each.
constexpr int usual_page = 100;

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
  int page = usual_page;
  PrintFlags print;
};

/// The gateways, page by page.
void print_lines(Session& session, fleet::Roll& roll, Choice& choice, const std::string& ns,
                 GatewayTable table) {
  bool any = false;
  for (auto found = choice.next(roll); !found.empty(); found = choice.next(roll)) {
    session.out() << table.lines(found) << std::flush;
    any = true;
  }
  if (!any && choice.missing().empty())
    session.err() << "No egress gateways found" << (ns.empty() ? "." : " in " + ns + " namespace.") << '\n';
}

void print_names(Session& session, fleet::Roll& roll, Choice& choice) {
  for (auto found = choice.next(roll); !found.empty(); found = choice.next(roll))
    for (const mesh::Summary& one : found)
      session.out() << "egressgateway/" << one.record.egress.name << '\n';
}

void print_items(Session& session, fleet::Roll& roll, Choice& choice, render::Output output,
                 const Options& options) {
  if (options.no_headers && output.columns) output.columns->leave_headers_out();
  const auto frame =
      options.names.size() == 1 ? render::ObjectPrinter::Frame::one : render::ObjectPrinter::Frame::list;
  render::ObjectPrinter printer(session.out(), std::move(output), frame);
  for (auto found = choice.next(roll); !found.empty(); found = choice.next(roll)) {
    std::vector<Json> items;
    for (const mesh::Summary& one : found) items.push_back(mesh::to_json(one));
    printer.add(std::move(items));
  }
  if (choice.missing().empty()) printer.end();
}

GatewayTable::Columns columns(const Session& session, const Options& options, const render::Output& output) {
  return {.header = !options.no_headers,
          .event = options.watch_events,
          .ns = options.all_namespaces,
          .wide = output.form == render::OutputForm::wide,
          .labels = options.show_labels,
          .palette = session.palette()};
}

int follow(Session& session, const Options& options, render::Output output, Choice& choice) {
  if (!options.sort_by.empty())
    session.err() << "warning: --watch requested, --sort-by will be ignored for watch events received\n";
  const Watching watching{.ns = options.all_namespaces ? "" : session.ns(),
                          .only_changes = options.watch_only,
                          .events = options.watch_events,
                          .columns = columns(session, options, output)};
  if (options.no_headers && output.columns) output.columns->leave_headers_out();
  watch(session, watching, std::move(output), choice);
  return 0;
}

/// They are in no list, for it is their record that says what they are.
void warn_of_abandoned(const Session& session, const fleet::Roll& roll, const Choice& choice) {
  for (const auto& [ns, name] : roll.abandoned()) {
    mesh::Egress egress;
    egress.name = name;
    egress.ns = ns;
    if (choice.lets_through(egress))
      session.warn("objects of " + fleet::described(egress) + " stand without their record, configmap/" +
                   mesh::object_name(name) + ": the create or apply that made it takes them up, and " +
                   fleet::delete_command(egress) + " removes them");
  }
}

int run(Session& session, const Options& options) {
  render::Output output = options.print.read();
  if (options.page < 0) throw UsageError("--chunk-size cannot be less than 0", "0 asks for all at once.");
  if (options.all_namespaces && !options.names.empty())
    throw UsageError("a gateway cannot be named across all namespaces",
                     "Leave --all-namespaces out, or the name.");
  Choice choice(options.names, options.selector, options.sort_by);
  if (options.watch || options.watch_only) return follow(session, options, std::move(output), choice);
  if (options.watch_events)
    throw Error("--output-watch-events option can only be used with --watch or --watch-only");
  const std::string ns = options.all_namespaces ? "" : session.ns();
  fleet::Roll roll(session.cluster("list"), ns, options.page);
  if (output.form == render::OutputForm::human || output.form == render::OutputForm::wide)
    print_lines(session, roll, choice, ns, GatewayTable(columns(session, options, output)));
  else if (output.form == render::OutputForm::name)
    print_names(session, roll, choice);
  else
    print_items(session, roll, choice, output, options);
  for (const std::string& fault : roll.unreadable()) session.warn(fault);
  warn_of_abandoned(session, roll, choice);
  for (const std::string& name : choice.missing()) session.tell(fleet::not_found(name, ns));
  return choice.missing().empty() ? 0 : 1;
}

}  // namespace

Command list_command(CLI::App& root, Session& session) {
  FlagSet flags = FlagSet::add_command(root, "list", "Show one line for each egress gateway", {"ls", "get"});
  auto options = std::make_shared<Options>();
  add_names(flags, options->names, "The gateways (default: all of the namespace)");
  flags.add_switch("-A,--all-namespaces", options->all_namespaces, "Those of every namespace");
  flags.add_switch("--no-headers", options->no_headers, "Leave the header line out");
  flags.add_switch("--show-labels", options->show_labels, "With the labels of each gateway");
  flags.add("-l,--selector", options->selector, "Those with such labels: a=b,c!=d,e in (f,g),!h");
  flags.add("--sort-by", options->sort_by, "The path of what they are sorted by, such as .spec.port");
  flags.add("--chunk-size", options->page,
            "How many objects of a kind are asked for at a time; 0 asks for all at once");
  options->print.add(flags, "wide, json, yaml, name, jsonpath=... or custom-columns=...");
  flags.add_switch("-w,--watch", options->watch, "Go on with what changes, until you stop it");
  flags.add_switch("--watch-only", options->watch_only, "What changes, without what stands before");
  flags.add_switch("--output-watch-events", options->watch_events,
                   "With what happened: ADDED, MODIFIED or DELETED");
  flags.set_examples(examples);
  return {flags.app(), [&session, options] { return run(session, *options); }};
}

}  // namespace egress::cli
