#include <memory>
#include <ostream>

#include "egress/base/text.hpp"
#include "egress/cli/command.hpp"
#include "egress/cli/print.hpp"
#include "egress/fleet/roll.hpp"
#include "egress/render/age.hpp"
#include "egress/render/object_list.hpp"
#include "egress/render/table.hpp"

namespace egress::cli {
namespace {

constexpr const char* examples = R"(  # The egress gateways of the current namespace
  kubectl egress list

  # Those of every namespace, with port, image and the Istio they were made for
  kubectl egress list -A -o wide

  # For scripts
  kubectl egress list -A -o json)";

/// Gateways that are in memory at one time: some 15 objects each.
constexpr int page = 100;

struct Options {
  bool all_namespaces = false;
  bool no_headers = false;
  std::string output;
};

using Row = std::vector<std::string>;

Row header(const Options& options) {
  Row row;
  if (options.all_namespaces) row.emplace_back("NAMESPACE");
  row.insert(row.end(), {"NAME", "HOSTS", "TLS", "READY", "STATUS", "AGE"});
  if (options.output == "wide") row.insert(row.end(), {"PORT", "MTLS", "EXPOSED", "ISTIO", "IMAGE"});
  return row;
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
  return row;
}

/// The gateways, page by page.
void print_lines(Session& session, fleet::Roll& roll, const std::string& ns, const Options& options) {
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  render::Table table;
  bool any = false;
  for (auto found = roll.next(); !found.empty(); found = roll.next()) {
    std::vector<Row> rows;
    if (!any && !options.no_headers) rows.push_back(header(options));
    for (const mesh::Summary& one : found) rows.push_back(row_of(one, options, now));
    session.out() << table.lines(rows) << std::flush;
    any = true;
  }
  if (!any)
    session.err() << "No egress gateways found" << (ns.empty() ? "." : " in " + ns + " namespace.") << '\n';
}

void print_names(Session& session, fleet::Roll& roll) {
  for (auto found = roll.next(); !found.empty(); found = roll.next())
    for (const mesh::Summary& one : found)
      session.out() << "egressgateway/" << one.record.egress.name << '\n';
}

void print_items(Session& session, fleet::Roll& roll, const std::string& format) {
  render::ObjectList list(session.out(), format);
  for (auto found = roll.next(); !found.empty(); found = roll.next())
    for (const mesh::Summary& one : found) list.add(mesh::to_json(one));
  list.end();
}

int run(Session& session, const Options& options) {
  if (!options.output.empty()) check_word("--output", options.output, {"json", "yaml", "name", "wide"});
  const std::string ns = options.all_namespaces ? "" : session.ns();
  fleet::Roll roll(session.cluster("list"), ns, page);
  if (options.output == "json" || options.output == "yaml")
    print_items(session, roll, options.output);
  else if (options.output == "name")
    print_names(session, roll);
  else
    print_lines(session, roll, ns, options);
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
  app->add_option("-o,--output", options->output, "wide, json, yaml or name")->type_name("");
  app->footer(examples);
  return {app, [&session, options] { return run(session, *options); }};
}

}  // namespace egress::cli
