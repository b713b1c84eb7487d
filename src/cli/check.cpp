#include <algorithm>
#include <memory>
#include <ostream>

#include "egress/base/text.hpp"
#include "egress/cli/command.hpp"
#include "egress/cli/findings.hpp"
#include "egress/cli/plan_printer.hpp"
#include "egress/cli/value_type.hpp"
#include "egress/fleet/audit_input.hpp"
#include "egress/mesh/audit.hpp"

namespace egress::cli {
namespace {

constexpr const char* examples = R"(  # Check the egress gateways of the current namespace
  kubectl egress check

  # Check one gateway and the mesh around it
  kubectl egress check httpbin

  # Check the whole cluster and print JSON; the exit code is 1 if an error is found
  kubectl egress check -A -o json)";

constexpr const char* output_formats = "json|yaml";

struct Options {
  std::vector<std::string> names;
  bool all_namespaces = false;
  std::string output;
  fleet::MeshFlags mesh;
};

int run(Session& session, const Options& options) {
  if (!options.output.empty()) check_allowed_value("--output", options.output, split(output_formats, '|'));
  if (options.all_namespaces && !options.names.empty())
    throw UsageError("a gateway cannot be retrieved by name across all namespaces",
                     "omit --all-namespaces or the name");
  const std::string ns = options.all_namespaces ? "" : session.ns();
  const fleet::AuditInput input =
      fleet::read_audit_input(session.cluster("check"), {ns, options.names}, options.mesh,
                              std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
  for (const std::string& sentence : input.assumptions) session.warn(sentence);
  for (const std::string& sentence : input.unreadable) session.warn(sentence);
  if (input.gateways.empty())
    session.err() << "No egress gateways found" << (ns.empty() ? "" : " in " + ns + " namespace")
                  << "; checking only the mesh.\n";

  const auto findings = mesh::audit(input.gateways, input.surroundings);
  if (options.output.empty())
    session.out() << findings_text(findings, session.palette());
  else
    print_object(session.out(), render::parse_output(options.output, false), findings_json(findings));
  const bool has_errors = std::ranges::any_of(
      findings, [](const mesh::Finding& finding) { return finding.severity == mesh::Severity::error; });
  return has_errors ? 1 : 0;
}

}  // namespace

Command check_command(CLI::App& root, Session& session) {
  FlagSet flags =
      FlagSet::add_command(root, "check", "Find configuration that breaks or bypasses egress gateways");
  auto options = std::make_shared<Options>();
  add_gateway_names(flags, options->names, "Gateways to check (default: all in the namespace)");
  flags.add_switch("-A,--all-namespaces", options->all_namespaces, "Check the gateways in all namespaces");
  flags.add("-o,--output", options->output, "Output format: json or yaml").type(output_formats);
  flags.add("--istio-version", options->mesh.version, "Istio version of the mesh (default: detected)");
  flags.add("--istio-revision", options->mesh.revision, "Istio revision or revision tag to check")
      .type(value_type::revision);
  flags.add("--istio-namespace", options->mesh.ns, "Namespace of the Istio control plane (default: detected)")
      .type(value_type::ns);
  flags.set_examples(examples);
  return {.app = flags.app(),
          .run = [&session, options] { return run(session, *options); },
          .exit_status = "0: no error found. 1: an error was found, or the check failed (see stderr)."};
}

}  // namespace egress::cli
