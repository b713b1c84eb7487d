#include <memory>
#include <ostream>

#include "egress/base/error.hpp"
#include "egress/base/text.hpp"
#include "egress/base/yaml.hpp"
#include "egress/cli/command.hpp"
#include "egress/cli/describe.hpp"
#include "egress/cli/plan_printer.hpp"
#include "egress/cli/print_flags.hpp"
#include "egress/cli/traffic_path.hpp"
#include "egress/cli/value_type.hpp"
#include "egress/fleet/inventory.hpp"
#include "egress/mesh/egress_manifest.hpp"

namespace egress::cli {
namespace {

constexpr const char* examples = R"(  # Show the settings, the traffic path and the state of every object
  kubectl egress inspect httpbin

  # Print the manifest, to keep in Git
  kubectl egress inspect httpbin -o yaml

  # Print the status for scripts, such as Ready
  kubectl egress inspect httpbin -o jsonpath='{.status.phase}'

  # Print the traffic path as a Mermaid graph for Markdown; use -o dot for Graphviz
  kubectl egress inspect httpbin -o mermaid)";

/// The graph formats of --output.
constexpr const char* dot = "dot";
constexpr const char* mermaid = "mermaid";

struct Options {
  std::string name;
  PrintFlags print;
};

int run(Session& session, const Options& options) {
  const std::string& format = options.print.output;
  const bool is_graph = format == dot || format == mermaid;
  const render::Output output = is_graph ? render::Output{} : options.print.parse_output();
  const std::string ns = session.ns();
  const auto inspection = fleet::inspect(session.cluster("inspect"), options.name, ns);
  if (!inspection) throw fleet::gateway_not_found(options.name, ns);
  const mesh::Summary& summary = inspection->summary;

  if (is_graph)
    session.out() << (format == dot ? render::to_dot : render::to_mermaid)(traffic_graph(summary));
  else if (output.format == render::OutputFormat::human || output.format == render::OutputFormat::wide)
    session.out() << describe(*inspection,
                              std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()),
                              session.palette());
  else if (output.format == render::OutputFormat::yaml)
    session.out() << to_yaml(mesh::egress_manifest(summary.record.egress));
  else if (output.format == render::OutputFormat::kyaml)
    print_object(session.out(), output, mesh::egress_manifest(summary.record.egress));
  else if (output.format == render::OutputFormat::name)
    session.out() << "egressgateway/" << options.name << '\n';
  else
    print_object(session.out(), output, mesh::to_json(summary));
  return 0;
}

}  // namespace

Command inspect_command(CLI::App& root, Session& session) {
  FlagSet flags =
      FlagSet::add_command(root, "inspect", "Show the details of an egress gateway", {"describe"});
  auto options = std::make_shared<Options>();
  add_gateway_name(flags, options->name, "Name of the gateway").required();
  options->print.add(
      flags,
      "Output format: yaml (the manifest), json (with status), name, jsonpath=..., custom-columns=..., or a "
      "graph of the traffic path: dot or mermaid",
      std::string("|") + dot + "|" + mermaid);
  flags.set_examples(examples);
  return {flags.app(), [&session, options] { return run(session, *options); }};
}

}  // namespace egress::cli
