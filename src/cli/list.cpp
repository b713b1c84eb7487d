#include <memory>
#include <ostream>

#include "egress/base/text.hpp"
#include "egress/cli/choice.hpp"
#include "egress/cli/command.hpp"
#include "egress/render/age.hpp"
#include "egress/render/object_printer.hpp"
#include "egress/render/table.hpp"

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
constexpr int page = 100;

struct Options {
  bool all_namespaces = false;
  bool no_headers = false;
  bool show_labels = false;
  std::string selector;
  std::string sort_by;
  std::string output;
};

using Row = std::vector<std::string>;

Row header(const Options& options) {
  Row row;
  if (options.all_namespaces) row.emplace_back("NAMESPACE");
  row.insert(row.end(), {"NAME", "HOSTS", "TLS", "READY", "STATUS", "AGE"});
  if (options.output == "wide") row.insert(row.end(), {"PORT", "MTLS", "EXPOSED", "ISTIO", "IMAGE"});
  if (options.show_labels) row.emplace_back("LABELS");
  return row;
}

std::string labels_of(const mesh::Record& record) {
  const Json sorted = record.labels.sorted();
  std::vector<std::string> labels;
  for (const auto& [key, value] : sorted.members()) labels.push_back(key + "=" + value.as_string());
  return join(labels, ",");
}

Row row_of(const mesh::Summary& summary, const Options& options, std::chrono::sys_seconds now) {
  const mesh::Record& record = summary.record;
  Row row;
  if (options.all_namespaces) row.push_back(record.egress.ns);
  row.insert(row.end(), {record.egress.name, join(record.egress.hosts, ","), text(record.egress.tls.mode),
                         std::to_string(summary.ready_replicas) + "/" + std::to_string(summary.replicas),
                         text(summary.phase), render::age(record.created, now)});
  if (options.output == "wide")
    row.insert(
        row.end(),
        {std::to_string(record.egress.port), record.egress.mesh.mutual ? "Mutual" : "Plaintext",
         record.egress.ingress ? join(record.egress.ingress->hosts, ",") : "", record.istio, summary.image});
  if (options.show_labels) row.push_back(labels_of(record));
  return row;
}

/// The gateways, page by page.
void print_lines(Session& session, fleet::Roll& roll, const Choice& choice, const std::string& ns,
                 const Options& options) {
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  render::Table table;
  bool any = false;
  for (auto found = choice.next(roll); !found.empty(); found = choice.next(roll)) {
    std::vector<Row> rows;
    if (!any && !options.no_headers) rows.push_back(header(options));
    for (const mesh::Summary& one : found) rows.push_back(row_of(one, options, now));
    session.out() << table.lines(rows) << std::flush;
    any = true;
  }
  if (!any)
    session.err() << "No egress gateways found" << (ns.empty() ? "." : " in " + ns + " namespace.") << '\n';
}

void print_names(Session& session, fleet::Roll& roll, const Choice& choice) {
  for (auto found = choice.next(roll); !found.empty(); found = choice.next(roll))
    for (const mesh::Summary& one : found)
      session.out() << "egressgateway/" << one.record.egress.name << '\n';
}

void print_items(Session& session, fleet::Roll& roll, const Choice& choice, render::Output output,
                 const Options& options) {
  if (options.no_headers && output.columns) output.columns->leave_headers_out();
  render::ObjectPrinter printer(session.out(), std::move(output), render::ObjectPrinter::Frame::list);
  for (auto found = choice.next(roll); !found.empty(); found = choice.next(roll)) {
    std::vector<Json> items;
    for (const mesh::Summary& one : found) items.push_back(mesh::to_json(one));
    printer.add(std::move(items));
  }
  printer.end();
}

int run(Session& session, const Options& options) {
  const render::Output output = render::read_output(options.output, true);
  const Choice choice(options.selector, options.sort_by);
  const std::string ns = options.all_namespaces ? "" : session.ns();
  fleet::Roll roll(session.cluster("list"), ns, page);
  if (output.form == render::OutputForm::human || output.form == render::OutputForm::wide)
    print_lines(session, roll, choice, ns, options);
  else if (output.form == render::OutputForm::name)
    print_names(session, roll, choice);
  else
    print_items(session, roll, choice, output, options);
  for (const std::string& fault : roll.unreadable()) session.warn(fault);
  return 0;
}

}  // namespace

Command list_command(CLI::App& root, Session& session) {
  CLI::App* app =
      root.add_subcommand("list", "Show one line for each egress gateway")->alias("ls")->alias("get");
  auto options = std::make_shared<Options>();
  app->add_flag("-A,--all-namespaces", options->all_namespaces, "Those of every namespace");
  app->add_flag("--no-headers", options->no_headers, "Leave the header line out");
  app->add_flag("--show-labels", options->show_labels, "With the labels of each gateway");
  app->add_option("-l,--selector", options->selector, "Those with such labels: a=b,c!=d,e in (f,g),!h")
      ->type_name("");
  app->add_option("--sort-by", options->sort_by, "The path of what they are sorted by, such as .spec.port")
      ->type_name("");
  app->add_option("-o,--output", options->output,
                  "wide, json, yaml, name, jsonpath=... or custom-columns=...")
      ->type_name(join(render::output_words(true), "|"));
  app->footer(examples);
  return {app, [&session, options] { return run(session, *options); }};
}

}  // namespace egress::cli
