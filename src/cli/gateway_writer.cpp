#include "egress/cli/gateway_writer.hpp"

#include <algorithm>
#include <ostream>
#include <utility>

#include "egress/base/interruption.hpp"
#include "egress/base/tasks.hpp"
#include "egress/base/text.hpp"
#include "egress/cli/adoption.hpp"
#include "egress/cli/batch_run.hpp"
#include "egress/cli/ca_file.hpp"
#include "egress/cli/gateway_certificates.hpp"
#include "egress/cli/gateway_progress.hpp"
#include "egress/cli/plan_printer.hpp"
#include "egress/cli/value_type.hpp"
#include "egress/fleet/apply.hpp"
#include "egress/fleet/delete_preflight.hpp"
#include "egress/fleet/hints.hpp"
#include "egress/fleet/preflight.hpp"
#include "egress/fleet/survey.hpp"
#include "egress/mesh/assumed_served_resources.hpp"
#include "egress/mesh/audit.hpp"
#include "egress/mesh/egress_manifest.hpp"
#include "egress/mesh/full_name.hpp"
#include "egress/mesh/names.hpp"

namespace egress::cli {
namespace {

/// The design without a cluster, for the requested Istio version or the newest supported one.
mesh::Design design_offline(Session& session, const mesh::Egress& egress) {
  mesh::Mesh mesh;
  if (!egress.istio.version.empty())
    mesh = mesh::assumed_mesh(fleet::parse_version_flag(egress.istio.version));
  else
    session.warn("--dry-run=client does not contact the cluster; assuming Istio " + mesh.version.text() +
                 " (override with --istio-version)");
  mesh.revision = egress.istio.revision;
  mesh::Design design{egress, mesh};
  if (mesh.gateway_injection() && mesh.has_revision()) design.pod_revision = mesh.revision;
  return design;
}

/// The maximum number of gateways processed at the same time: enough to keep the server busy, and more if
/// most of the time is spent waiting for pods.
constexpr std::size_t max_concurrent_checks = 16;
std::size_t max_concurrent(const WriteFlags& flags) {
  return flags.wait_flags.wait && !flags.fail_fast && flags.dry_run == "none" ? 128 : max_concurrent_checks;
}

/// The state that the gateways of one run share.
struct WriteContext {
  WriteContext(Session& shared_session, const std::string& command, const WriteFlags& write_flags,
               std::vector<mesh::Egress> gateways_to_write, IfExists if_exists, CaFile& certificates)
      : session(shared_session),
        flags(write_flags),
        results(shared_session.results()),
        ca_file(certificates),
        cluster(shared_session.cluster(command)),
        preparation(shared_session, cluster, std::move(gateways_to_write),
                    {write_flags.istio_namespace, write_flags.create_namespace, if_exists}),
        rollout_watcher(cluster) {
    results.set_stage(fleet::Outcome::Stage::preflight);
  }

  const std::vector<mesh::Egress>& gateways() const { return preparation.gateways(); }
  bool is_batch() const { return gateways().size() > 1; }

  Session& session;
  const WriteFlags& flags;
  Results& results;
  CaFile& ca_file;
  kube::Cluster& cluster;
  Preparation preparation;
  fleet::RolloutWatcher rollout_watcher;
};

/// Writes one gateway. In a batch it prints only the result of the gateway, not its objects.
class GatewayWriter {
 public:
  /// `adopt` lists the objects ("TYPE/NAME") to take over.
  GatewayWriter(WriteContext& context, std::size_t index, const std::vector<std::string>& adopt,
                std::vector<mesh::Permission> missing_permissions = {})
      : context_(context),
        flags_(context.flags),
        adopt_(adopt),
        egress_(context.gateways()[index]),
        index_(index),
        missing_permissions_(std::move(missing_permissions)),
        prepared_(context.preparation.prepare(index)) {}

  /// Checks and writes the gateway. With `was_checked` a new gateway is not checked again, because no object
  /// existed when check() ran.
  void run(bool was_checked = false) {
    const bool is_new = prepared_.survey.namespace_exists && !prepared_.plan.previous && flags_.adopt.empty();
    if (!was_checked || !is_new) check();
    if (flags_.dry_run == "server")
      print_dry_run(" (server dry run)");
    else if (is_unchanged())
      print_unchanged();
    else
      write();
  }

  /// Validates all objects with the server's dry run.
  void check(bool may_create_namespace = true) {
    if (prepared_.is_up_to_date) return warn();
    if (prepared_.survey.namespace_exists) return check_objects();
    // Without the namespace the server can validate nothing in it; check everything else first.
    check_objects(false);
    if (!may_create_namespace) return;
    if (flags_.dry_run == "server") {
      fleet::create_namespace(context_.cluster, egress_.ns, true);
      return context_.session.warn("the server can validate the objects only after namespace/" + egress_.ns +
                                   " is created");
    }
    // The namespace is kept if the check fails: others may already use it.
    created_namespace_ = fleet::create_namespace(context_.cluster, egress_.ns, false);
    if (created_namespace_ && flags_.output.empty())
      context_.session.out() << "namespace/" << egress_.ns << " created\n";
    try {
      check_objects();
    } catch (const Error& error) {
      if (!created_namespace_) throw;
      context_.session.warn("namespace/" + egress_.ns + " was created and kept; to delete it: " +
                            fleet::delete_namespace_command(egress_));
      fleet::Outcome outcome{.stage = fleet::Outcome::Stage::preflight};
      fleet::add_created_namespace(outcome, egress_.ns);
      throw fleet::OperationFailed(error, std::move(outcome));
    }
  }

 private:
  void check_objects(bool use_server_dry_run = true) {
    const fleet::PreflightOptions options{.force = flags_.force_conflicts,
                                          .adopt = adopt_,
                                          .use_server_dry_run = use_server_dry_run,
                                          .creates_namespace = !use_server_dry_run && flags_.create_namespace,
                                          .lacking = missing_permissions_};
    const auto adoptions = fleet::run_preflight(context_.cluster, prepared_.plan, options,
                                                prepared_.survey.rules, prepared_.findings);
    if (!use_server_dry_run) return;
    warn();
    for (const std::string& sentence : adoptions) context_.session.warn(sentence);
  }

  void warn() const {
    for (const mesh::Finding& finding : prepared_.findings)
      if (finding.severity == mesh::Severity::warning) context_.preparation.warn(printable(finding.message));
  }

  bool existed_before() const {
    return prepared_.plan.previous && prepared_.plan.previous->operation != mesh::Operation::create;
  }

  bool is_unchanged() const {
    if (prepared_.is_up_to_date) return true;
    if (!prepared_.plan.previous || prepared_.plan.resumed) return false;
    const bool has_same_members = prepared_.plan.record.members.size() == prepared_.plan.objects.size();
    return has_same_members &&
           mesh::egress_manifest(prepared_.plan.previous->egress) == mesh::egress_manifest(egress_) &&
           prepared_.plan.previous->istio == prepared_.plan.record.istio &&
           std::ranges::all_of(prepared_.plan.objects, &mesh::Object::unchanged);
  }

  void write() {
    // Frees memory: the dry-run results are no longer needed, and other gateways may wait for a long time.
    for (mesh::Object& object : prepared_.plan.objects) object.dry_run = {};
    GatewayProgress progress(context_.session, egress_, context_.gateways().size(),
                             flags_.output.empty() && !context_.is_batch());
    const fleet::Reporter reporter = progress.reporter();
    const bool all_deleted = fleet::apply(
        context_.cluster, prepared_.plan,
        {flags_.wait_flags.wait, flags_.wait_flags.duration(), flags_.force_conflicts, !flags_.no_rollback,
         created_namespace_, context_.is_batch() ? &context_.rollout_watcher : nullptr},
        reporter);
    progress.finish();
    if (!all_deleted)
      context_.session.warn(mesh::full_name(egress_) +
                            " was applied, but some obsolete objects are not deleted yet; to list them: " +
                            fleet::inspect_command(egress_));
    if (!context_.results.is_requested())
      context_.session.out() << "egressgateway/" << egress_.name
                             << (existed_before() ? " configured\n" : " created\n");
    // The printed objects include the CA.
    if (!context_.results.is_requested() || context_.ca_file.is_requested())
      context_.ca_file.add(index_, prepared_.design);
    if (context_.results.is_requested()) print_plan();
  }

  void print_dry_run(const std::string& suffix) {
    if (context_.results.is_requested()) return print_plan();
    auto line = [&](const std::string& label, const std::string& verb) {
      if (!context_.is_batch()) context_.session.out() << label << ' ' << verb << suffix << '\n';
    };
    const bool changed = !is_unchanged();
    const std::string verb = !prepared_.plan.previous ? "created" : changed ? "configured" : "unchanged";
    if (!prepared_.survey.namespace_exists) line("namespace/" + egress_.ns, "created");
    line("configmap/" + mesh::object_name(egress_.name), verb);
    for (const mesh::Object& object : prepared_.plan.objects)
      line(object.reference.display_name(), object.unchanged        ? "unchanged"
                                            : object.live.is_null() ? "created"
                                                                    : "configured");
    for (const mesh::Reference& reference : prepared_.plan.obsolete_members())
      line(reference.display_name(), "deleted");
    context_.session.out() << "egressgateway/" << egress_.name << ' ' << verb << suffix << '\n';
  }

  void print_unchanged() {
    if (context_.ca_file.is_requested()) context_.ca_file.add(index_, prepared_.design);
    if (context_.results.is_requested()) return print_plan();
    for (const mesh::Object& object : prepared_.plan.objects)
      if (!context_.is_batch()) context_.session.out() << object.reference.display_name() << " unchanged\n";
    context_.session.out() << "egressgateway/" << egress_.name << " unchanged\n";
  }

  /// Prints the objects after clearing the progress lines.
  void print_plan() {
    context_.session.progress_lines().clear();
    context_.results.print(printed_plan());
  }

  PrintedPlan printed_plan() const { return {prepared_.plan, !prepared_.survey.namespace_exists}; }

  WriteContext& context_;
  const WriteFlags& flags_;
  const std::vector<std::string>& adopt_;
  const mesh::Egress& egress_;
  std::size_t index_;
  std::vector<mesh::Permission> missing_permissions_;
  bool created_namespace_ = false;
  PreparedGateway prepared_;
};

/// The objects of --adopt that belong to each gateway.
std::vector<std::vector<std::string>> assign_objects_to_adopt(Preparation& preparation,
                                                              const WriteFlags& flags) {
  std::vector<AdoptionTarget> targets;
  for (std::size_t i = 0; i < preparation.gateways().size(); ++i) {
    AdoptionTarget& target = targets.emplace_back(AdoptionTarget{preparation.gateways()[i], {}});
    if (flags.adopt.empty()) continue;
    try {
      for (const mesh::Object& object : preparation.prepare(i).plan.objects)
        target.objects.push_back(object.reference);
    } catch (const InterruptedError&) {
      throw;
    } catch (const Error& error) {
      target.plan_error = error.what();
    }
  }
  return assign_adoptions(flags.adopt, targets);
}

/// Prints what a client dry run would create, without a cluster.
void print_offline(Session& session, const WriteFlags& flags, const mesh::Egress& egress) {
  mesh::Design design = design_offline(session, egress);
  add_generated_certificates(design);
  const mesh::Plan plan = mesh::plan(design, mesh::assumed_served_resources(design.mesh.version));
  const PrintedPlan printed{plan, flags.create_namespace};
  if (session.results().is_requested()) return session.results().print(printed);
  for (const std::string& label : display_names(printed)) session.out() << label << " created (dry run)\n";
  session.out() << "egressgateway/" << egress.name << " created (dry run)\n";
}

std::vector<mesh::GatewayName> gateway_names(const std::vector<mesh::Egress>& gateways) {
  std::vector<mesh::GatewayName> names;
  for (const mesh::Egress& gateway : gateways) names.emplace_back(gateway.ns, gateway.name);
  return names;
}

}  // namespace

void WriteFlags::add(FlagSet& flags) {
  flags.add("--save-ca", save_ca, "File to save the CA certificates of gateways with --self-signed to")
      .type(value_type::file)
      .group("Callers outside the mesh");
  flags.add("--istio-namespace", istio_namespace, "Namespace of istiod (default: detected)")
      .type(value_type::ns)
      .group("Istio");
  flags.add_switch("--create-namespace", create_namespace, "Create the namespace if it does not exist");
  add_dry_run_flag(flags, dry_run);
  flags
      .add("-o,--output", output,
           "Output format of the objects: json, yaml, name, jsonpath=... or custom-columns=...; json and "
           "yaml also print the outcome of a failure")
      .type(join(render::output_formats(false), "|"));
  flags.add("--adopt", adopt, "Take over an existing object (TYPE/NAME); repeatable")
      .type(value_type::object);
  flags.add_switch("--force-conflicts", force_conflicts, "Overwrite fields owned by other field managers");
  flags.add_switch("--no-rollback", no_rollback,
                   "Keep the objects that were written if the command fails, for debugging");
  wait_flags.add(flags, "for a ready pod before routing traffic to it");
}

void WriteFlags::check() const {
  check_dry_run(dry_run);
  // A template file may be a pipe, which can be read only once: by the printer.
  if (output.find("-file=") == std::string::npos) render::parse_output(output, false);
  wait_flags.duration();
}

void write_gateway(Session& session, const std::string& command, const WriteFlags& flags,
                   const mesh::Egress& egress, IfExists if_exists,
                   const std::vector<mesh::Permission>& missing_permissions) {
  session.results().begin(flags.output, {{egress.ns, egress.name}}, false);
  CaFile ca_file(session, flags.save_ca);
  if (flags.dry_run == "client") return print_offline(session, flags, egress);
  WriteContext context(session, command, flags, {egress}, if_exists, ca_file);
  GatewayWriter writer(context, 0, flags.adopt, missing_permissions);
  install_signal_handlers();
  writer.run();
  if (flags.dry_run == "none") ca_file.save();
}

bool write_gateways(Session& session, const std::string& command, const WriteFlags& flags,
                    std::vector<mesh::Egress> requested,
                    const std::vector<mesh::Permission>& missing_permissions) {
  CaFile ca_file(session, flags.save_ca);
  if (flags.dry_run == "client") {
    check_shared_hosts(requested, mesh::audit(requested, {}));
    session.results().begin(flags.output, gateway_names(requested), true);
    for (const mesh::Egress& egress : requested) print_offline(session, flags, egress);
    return true;
  }
  install_signal_handlers();
  WriteContext context(session, command, flags, std::move(requested), IfExists::update, ca_file);
  const std::vector<mesh::Egress>& gateways = context.gateways();
  check_shared_hosts(gateways, context.preparation.findings());
  session.results().begin(flags.output, gateway_names(gateways), true);
  const auto adopt = assign_objects_to_adopt(context.preparation, flags);
  BatchRun batch(session, gateways.size(), flags.fail_fast);
  if (flags.fail_fast || !missing_permissions.empty()) {
    run_tasks(gateways.size(), max_concurrent_checks, [&](std::size_t i) {
      batch.run(gateways[i], [&] { GatewayWriter(context, i, adopt[i]).check(false); });
    });
    if (!missing_permissions.empty()) {
      session.report(fleet::missing_permissions_error("written", missing_permissions));
      session.results().add_failure(fleet::missing_permissions_error("written", missing_permissions));
    }
    if (batch.has_failures() || !missing_permissions.empty())
      return batch.finish("nothing was written") && missing_permissions.empty();
    batch.restart();
  }
  run_tasks(gateways.size(), max_concurrent(flags), [&](std::size_t i) {
    batch.run(gateways[i], [&] { GatewayWriter(context, i, adopt[i]).run(flags.fail_fast); });
  });
  context.preparation.warn_omitted();
  const bool all_written = batch.finish("the others were applied");
  if (flags.dry_run == "none") ca_file.save();
  return all_written;
}

}  // namespace egress::cli
