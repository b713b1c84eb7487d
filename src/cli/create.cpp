#include "egress/fleet/create.hpp"

#include <memory>
#include <ostream>

#include "egress/base/file.hpp"
#include "egress/base/text.hpp"
#include "egress/cli/command.hpp"
#include "egress/cli/print.hpp"
#include "egress/cli/progress.hpp"
#include "egress/fleet/check.hpp"
#include "egress/fleet/hints.hpp"
#include "egress/fleet/survey.hpp"
#include "egress/http/curl_transport.hpp"
#include "egress/mesh/names.hpp"

namespace egress::cli {
namespace {

constexpr const char* examples = R"(Examples:
  # In-mesh callers of http://httpbin.org leave by a gateway of their own, in verified TLS
  kubectl egress create httpbin --host httpbin.org

  # The same, in a namespace made for it, reached by a second name too
  kubectl egress create httpbin --host httpbin.org --alias bin.corp.example -n egress --create-namespace

  # See what would be written, without a cluster
  kubectl egress create httpbin --host httpbin.org --dry-run=client --istio-version 1.30 -o yaml)";

struct Options {
  std::string name;
  std::string host;
  int port = 443;
  std::vector<std::string> aliases;
  std::string tls = "simple";
  bool create_namespace = false;
  std::string dry_run = "none";
  std::string output;
  WaitFlags waiting;
  fleet::MeshFlags mesh;
};

void check_flags(const Options& options) {
  check_word("--tls", options.tls, {"simple"});
  check_word("--dry-run", options.dry_run, {"none", "client", "server"});
  if (!options.output.empty()) check_word("--output", options.output, {"json", "yaml", "name"});
  options.waiting.duration();
  if (!options.mesh.version.empty()) fleet::version_flag(options.mesh.version);
}

mesh::Egress egress_of(const Options& options, const std::string& ns) {
  mesh::Egress egress;
  egress.name = options.name;
  egress.ns = ns;
  egress.host = options.host;
  egress.port = options.port;
  egress.aliases = options.aliases;
  return mesh::validated(std::move(egress));
}

/// This machine's public roots, for an Istio that has to be given them. Throws Error where there are none, or
/// where that Istio would not look at the Secret that they stand in.
std::string roots_for(const mesh::Mesh& mesh, const std::string& gateway) {
  if (!mesh::needs_roots(mesh)) return {};
  for (const char* prefix : {"istio", "prometheus"})
    if (gateway.starts_with(prefix))
      throw Error("Istio " + mesh.version.text() + " ignores Secrets whose names begin with \"" + prefix +
                      "\", and \"" + gateway + "\" would have one",
                  "Choose another NAME.");
  const std::string file = http::system_roots_file();
  if (file.empty() || !file_exists(file))
    throw Error("Istio " + mesh.version.text() +
                    " verifies external services only with root certificates in a Secret, and this machine "
                    "has none to put there",
                "Install them: apt-get install ca-certificates");
  return read_file(file);
}

/// Without a cluster: the Istio that the flag names, or today's.
mesh::Plan plan_unseen(Session& session, const Options& options, const mesh::Egress& egress) {
  mesh::Mesh mesh;
  if (!options.mesh.version.empty())
    mesh = mesh::assumed_mesh(fleet::version_flag(options.mesh.version));
  else
    session.warn("--dry-run=client does not ask the cluster; Istio " + mesh.version.text() +
                 " is assumed (--istio-version says another)");
  return mesh::plan({egress, mesh, roots_for(mesh, options.name), ""},
                    kube::Served::newest(mesh::all_kinds()));
}

void print_dry_run(Session& session, const Options& options, const Printed& printed, const char* suffix) {
  if (!options.output.empty()) return print_plan(session.out(), printed, options.output);
  for (const std::string& label : labels(printed)) session.out() << label << " created" << suffix << '\n';
  session.out() << "egressgateway/" << options.name << " created" << suffix << '\n';
}

[[noreturn]] void namespace_missing(const std::string& ns) {
  throw Error("namespace \"" + ns + "\" does not exist",
              "Add --create-namespace, or make it first: kubectl create namespace " + ns);
}

/// The gateway of this name is there, or was begun: only the same one can be gone on with.
mesh::Record begun_record(const Json& config_map, const mesh::Egress& egress) {
  mesh::Record record = mesh::read_record(config_map);
  const std::string look = "Look at it: " + fleet::inspect_command(egress);
  if (record.operation == mesh::Operation::none)
    throw Error(fleet::described(egress) + " already exists", look);
  const bool same = mesh::file_form(record.egress) == mesh::file_form(egress);
  if (record.operation == mesh::Operation::create && same) return record;
  throw Error(fleet::described(egress) +
                  " exists and is incomplete: a create of another form or a delete was cut off",
              look + ". Remove it: " + fleet::delete_command(egress));
}

/// The namespace first, for nothing in it can be checked before. It stays where the check fails: somebody
/// else may be using it by then.
void check_in_new_namespace(kube::Cluster& cluster, Session& session, const Options& options,
                            const mesh::Plan& plan) {
  const std::string& ns = plan.record.egress.ns;
  const bool made = fleet::create_namespace(cluster, ns, false);
  if (made && options.output.empty()) session.out() << "namespace/" << ns << " created\n";
  try {
    fleet::check_new(cluster, plan);
  } catch (const Error&) {
    if (made) session.warn("namespace \"" + ns + "\" was made, and stands");
    throw;
  }
}

/// Checks everything that is to be written.
void check(kube::Cluster& cluster, Session& session, const Options& options, const fleet::Survey& survey,
           mesh::Plan& plan) {
  if (survey.record) {
    mesh::take_over(plan, begun_record(*survey.record, plan.record.egress));
    fleet::check_begun(cluster, plan);
  } else if (survey.namespace_exists) {
    fleet::check_new(cluster, plan);
  } else if (options.dry_run == "server") {
    fleet::create_namespace(cluster, survey.ns, true);
    session.warn("the server can check the objects only once namespace \"" + survey.ns + "\" is there");
  } else {
    check_in_new_namespace(cluster, session, options, plan);
  }
}

void write(Session& session, const Options& options, kube::Cluster& cluster, const Printed& printed,
           mesh::Plan& plan) {
  Progress progress(session, options.output.empty());
  const fleet::Reporter reporter = progress.reporter();
  fleet::claim(cluster, plan, reporter);
  fleet::create(cluster, plan, {options.waiting.wait, options.waiting.duration()}, reporter);
  progress.done();
  if (options.output.empty())
    session.out() << "egressgateway/" << options.name << " created\n";
  else
    print_plan(session.out(), printed, options.output);
}

int run(Session& session, const Options& options) {
  check_flags(options);
  const mesh::Egress egress = egress_of(options, session.ns());
  if (options.dry_run == "client") {
    const mesh::Plan plan = plan_unseen(session, options, egress);
    print_dry_run(session, options, {plan, options.create_namespace}, " (dry run)");
    return 0;
  }

  kube::Cluster& cluster = session.cluster("create");
  const fleet::Survey survey = fleet::survey(cluster, egress.name, egress.ns, options.mesh);
  for (const std::string& warning : survey.warnings) session.warn(warning);
  if (!survey.namespace_exists && !options.create_namespace) namespace_missing(egress.ns);
  mesh::Plan plan = mesh::plan(
      {egress, survey.mesh, roots_for(survey.mesh, egress.name), survey.pod_revision()}, survey.served);
  const Printed printed{plan, !survey.namespace_exists};

  // Nothing of the gateway is written that was not checked.
  check(cluster, session, options, survey, plan);
  if (options.dry_run == "server")
    print_dry_run(session, options, printed, " (server dry run)");
  else
    write(session, options, cluster, printed, plan);
  return 0;
}

}  // namespace

Command create_command(CLI::App& root, Session& session) {
  CLI::App* app = root.add_subcommand("create", "Make an egress gateway and everything that routes to it");
  auto options = std::make_shared<Options>();
  app->add_option("NAME", options->name, "What to call it")->required()->type_name("");
  app->add_option("--host", options->host, "The external service, such as httpbin.org")
      ->required()
      ->type_name("")
      ->multi_option_policy(CLI::MultiOptionPolicy::Throw);
  app->add_option("--port", options->port, "The external service's port (default 443)")->type_name("");
  app->add_option("--alias", options->aliases, "A further name by which callers reach it; may be repeated")
      ->type_name("")
      ->allow_extra_args(false)
      ->take_all();
  app->add_option("--tls", options->tls, "TLS to the external service: simple (default)")->type_name("");
  app->add_flag("--create-namespace", options->create_namespace, "Make the namespace where it is missing");
  add_dry_run_flag(*app, options->dry_run);
  app->add_option("-o,--output", options->output, "Print the objects instead: json, yaml or name")
      ->type_name("");
  options->waiting.add(*app, "for a ready pod before callers are sent to it");
  app->add_option("--istio-version", options->mesh.version, "The Istio to write for (default: the cluster's)")
      ->type_name("");
  app->add_option("--istio-revision", options->mesh.revision,
                  "The control plane's revision (default: the default one)")
      ->type_name("");
  app->add_option("--istio-namespace", options->mesh.ns, "Where istiod runs (default: wherever it is found)")
      ->type_name("");
  app->footer(examples);
  return {app, [&session, options] { return run(session, *options); }};
}

}  // namespace egress::cli
