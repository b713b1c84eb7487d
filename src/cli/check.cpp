#include <algorithm>
#include <memory>
#include <ostream>

#include "egress/base/text.hpp"
#include "egress/cli/command.hpp"
#include "egress/cli/findings.hpp"
#include "egress/cli/print.hpp"
#include "egress/cli/value_type.hpp"
#include "egress/fleet/scene.hpp"
#include "egress/mesh/audit.hpp"

namespace egress::cli {
namespace {

constexpr const char* examples = R"(  # What would stop or bypass the egress gateways of the current namespace
  kubectl egress check

  # One of them, and the mesh around it
  kubectl egress check httpbin

  # All of the cluster, for scripts; the exit code is 1 where there is an error
  kubectl egress check -A -o json)";

constexpr const char* output_words = "json|yaml";

struct Options {
  std::vector<std::string> names;
  bool all_namespaces = false;
  std::string output;
  fleet::MeshFlags mesh;
};

int run(Session& session, const Options& options) {
  if (!options.output.empty()) check_word("--output", options.output, split(output_words, '|'));
  if (options.all_namespaces && !options.names.empty())
    throw UsageError("a gateway cannot be named across all namespaces",
                     "Leave --all-namespaces out, or the name.");
  const std::string ns = options.all_namespaces ? "" : session.ns();
  const fleet::Scene scene =
      fleet::look_around(session.cluster("check"), {ns, options.names}, options.mesh,
                         std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
  for (const std::string& sentence : scene.assumptions) session.warn(sentence);
  for (const std::string& sentence : scene.unreadable) session.warn(sentence);
  if (scene.gateways.empty())
    session.err() << "No egress gateways found" << (ns.empty() ? "" : " in " + ns + " namespace")
                  << "; only the mesh is checked.\n";

  const auto findings = mesh::audit(scene.gateways, scene.surroundings);
  if (options.output.empty())
    session.out() << findings_text(findings, session.palette());
  else
    print_object(session.out(), render::read_output(options.output, false), findings_json(findings));
  const bool any_error = std::ranges::any_of(
      findings, [](const mesh::Finding& one) { return one.severity == mesh::Severity::error; });
  return any_error ? 1 : 0;
}

}  // namespace

Command check_command(CLI::App& root, Session& session) {
  FlagSet flags = FlagSet::add_command(root, "check", "Look for what would stop or bypass egress gateways");
  auto options = std::make_shared<Options>();
  add_names(flags, options->names, "The gateways (default: all of the namespace)");
  flags.add_switch("-A,--all-namespaces", options->all_namespaces, "Those of every namespace");
  flags.add("-o,--output", options->output, "json or yaml").type(output_words);
  flags.add("--istio-version", options->mesh.version, "Istio's version, where the cluster does not say it");
  flags.add("--istio-revision", options->mesh.revision, "The revision or revision tag of Istio to check")
      .type(value_type::revision);
  flags.add("--istio-namespace", options->mesh.ns, "Where Istio's control plane runs").type(value_type::ns);
  flags.set_examples(examples);
  return {.app = flags.app(),
          .run = [&session, options] { return run(session, *options); },
          .exit_status = "0: no error is found. 1: one is, or the check failed, and stderr says why."};
}

}  // namespace egress::cli
