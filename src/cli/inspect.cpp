#include <memory>
#include <ostream>

#include "egress/base/error.hpp"
#include "egress/base/text.hpp"
#include "egress/base/yaml.hpp"
#include "egress/cli/command.hpp"
#include "egress/cli/path.hpp"
#include "egress/cli/portrait.hpp"
#include "egress/cli/print.hpp"
#include "egress/cli/print_flags.hpp"
#include "egress/cli/value_type.hpp"
#include "egress/fleet/inventory.hpp"
#include "egress/mesh/egress_form.hpp"

namespace egress::cli {
namespace {

constexpr const char* examples = R"(  # Settings, the way of the traffic, and every object with its state
  kubectl egress inspect httpbin

  # The file form, to keep in Git
  kubectl egress inspect httpbin -o yaml

  # For scripts: whether it is Ready
  kubectl egress inspect httpbin -o jsonpath='{.status.phase}'

  # The way of the traffic as a graph, for Markdown; -o dot is for Graphviz
  kubectl egress inspect httpbin -o mermaid)";

/// The forms that are drawings.
constexpr const char* dot = "dot";
constexpr const char* mermaid = "mermaid";

struct Options {
  std::string name;
  PrintFlags print;
};

int run(Session& session, const Options& options) {
  const std::string& word = options.print.output;
  const bool drawn = word == dot || word == mermaid;
  const render::Output output = drawn ? render::Output{} : options.print.read();
  const std::string ns = session.ns();
  const auto inspection = fleet::inspect(session.cluster("inspect"), options.name, ns);
  if (!inspection) throw fleet::not_found(options.name, ns);
  const mesh::Summary& summary = inspection->summary;

  if (drawn)
    session.out() << (word == dot ? render::dot : render::mermaid)(traffic_graph(summary));
  else if (output.form == render::OutputForm::human || output.form == render::OutputForm::wide)
    session.out() << portrait(*inspection,
                              std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()),
                              session.palette());
  else if (output.form == render::OutputForm::yaml)
    session.out() << to_yaml(mesh::file_form(summary.record.egress));
  else if (output.form == render::OutputForm::kyaml)
    print_object(session.out(), output, mesh::file_form(summary.record.egress));
  else if (output.form == render::OutputForm::name)
    session.out() << "egressgateway/" << options.name << '\n';
  else
    print_object(session.out(), output, mesh::to_json(summary));
  return 0;
}

}  // namespace

Command inspect_command(CLI::App& root, Session& session) {
  FlagSet flags =
      FlagSet::add_command(root, "inspect", "Show everything about one egress gateway", {"describe"});
  auto options = std::make_shared<Options>();
  add_name(flags, options->name, "The gateway").required();
  options->print.add(
      flags,
      "yaml (the file form), json (with status), name, jsonpath=..., custom-columns=...; or dot and "
      "mermaid: the way of the traffic as a graph",
      std::string("|") + dot + "|" + mermaid);
  flags.set_examples(examples);
  return {flags.app(), [&session, options] { return run(session, *options); }};
}

}  // namespace egress::cli
