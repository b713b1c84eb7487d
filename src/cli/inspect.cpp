#include <memory>
#include <ostream>

#include "egress/base/error.hpp"
#include "egress/base/yaml.hpp"
#include "egress/cli/command.hpp"
#include "egress/cli/portrait.hpp"
#include "egress/cli/print.hpp"
#include "egress/fleet/inventory.hpp"
#include "egress/mesh/egress_form.hpp"

namespace egress::cli {
namespace {

constexpr const char* examples = R"(Examples:
  # Settings, the way of the traffic, and every object with its state
  kubectl egress inspect httpbin

  # The file form, to keep in Git
  kubectl egress inspect httpbin -o yaml

  # Only why it is not ready
  kubectl egress inspect httpbin -o jsonpath='{.status.conditions[*].message}')";

struct Options {
  std::string name;
  std::string output;
};

int run(Session& session, const Options& options) {
  const render::Output output = render::read_output(options.output, true);
  const std::string ns = session.ns();
  const auto summary = fleet::find_gateway(session.cluster("inspect"), options.name, ns);
  if (!summary) throw fleet::not_found(options.name, ns);

  if (output.form == render::OutputForm::human || output.form == render::OutputForm::wide)
    session.out() << portrait(*summary,
                              std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
  else if (output.form == render::OutputForm::yaml)
    session.out() << to_yaml(mesh::file_form(summary->record.egress));
  else if (output.form == render::OutputForm::name)
    session.out() << "egressgateway/" << options.name << '\n';
  else
    print_object(session.out(), output, mesh::to_json(*summary));
  return 0;
}

}  // namespace

Command inspect_command(CLI::App& root, Session& session) {
  CLI::App* app =
      root.add_subcommand("inspect", "Show everything about one egress gateway")->alias("describe");
  auto options = std::make_shared<Options>();
  app->add_option("NAME", options->name, "The gateway")->required()->type_name("");
  app->add_option("-o,--output", options->output,
                  "yaml (the file form), json (with status), name, jsonpath=… or custom-columns=…")
      ->type_name("");
  app->footer(examples);
  return {app, [&session, options] { return run(session, *options); }};
}

}  // namespace egress::cli
