#include "egress/cli/writing.hpp"

#include <algorithm>
#include <ostream>
#include <utility>

#include "egress/base/interruption.hpp"
#include "egress/base/lanes.hpp"
#include "egress/base/text.hpp"
#include "egress/cli/adoption.hpp"
#include "egress/cli/ca_file.hpp"
#include "egress/cli/material.hpp"
#include "egress/cli/print.hpp"
#include "egress/cli/progress.hpp"
#include "egress/cli/tally.hpp"
#include "egress/cli/value_type.hpp"
#include "egress/fleet/apply.hpp"
#include "egress/fleet/check.hpp"
#include "egress/fleet/hints.hpp"
#include "egress/fleet/removal_check.hpp"
#include "egress/fleet/survey.hpp"
#include "egress/mesh/assumed_served.hpp"
#include "egress/mesh/audit.hpp"
#include "egress/mesh/egress_form.hpp"
#include "egress/mesh/names.hpp"

namespace egress::cli {
namespace {

/// Without a cluster: the Istio that is asked for, or today's.
mesh::Design design_unseen(Session& session, const mesh::Egress& egress) {
  mesh::Mesh mesh;
  if (!egress.istio.version.empty())
    mesh = mesh::assumed_mesh(fleet::version_flag(egress.istio.version));
  else
    session.warn("--dry-run=client does not ask the cluster; Istio " + mesh.version.text() +
                 " is assumed (--istio-version says another)");
  mesh.revision = egress.istio.revision;
  mesh::Design design{egress, mesh};
  if (mesh.gateway_injection() && mesh.has_revision()) design.pod_revision = mesh.revision;
  return design;
}

/// Gateways under way at one time: enough for the server to be busy while some wait for its answers; more
/// where most of them wait for pods.
constexpr std::size_t lanes_of_checks = 16;
std::size_t lanes(const WriteFlags& flags) {
  return flags.waiting.wait && !flags.fail_fast && flags.dry_run == "none" ? 128 : lanes_of_checks;
}

/// What the gateways of one run share.
struct Run {
  Run(Session& of, const std::string& command, const WriteFlags& typed, std::vector<mesh::Egress> wanted,
      Standing standing, CaFile& saves)
      : session(of),
        flags(typed),
        results(of.results()),
        cas(saves),
        cluster(of.cluster(command)),
        preparation(of, cluster, std::move(wanted),
                    {typed.istio_namespace, typed.create_namespace, standing}),
        rollouts(cluster) {
    results.enter(fleet::Outcome::Stage::preflight);
  }

  const std::vector<mesh::Egress>& gateways() const { return preparation.gateways(); }
  bool is_of_many() const { return gateways().size() > 1; }

  Session& session;
  const WriteFlags& flags;
  Results& results;
  CaFile& cas;
  kube::Cluster& cluster;
  Preparation preparation;
  fleet::Rollouts rollouts;
};

/// One gateway being written: alone, or as one of many, of which only the outcome is told.
class Writing {
 public:
  /// `adopt` is what it is to take over.
  Writing(Run& run, std::size_t place, const std::vector<std::string>& adopt,
          std::vector<mesh::Permission> lacking = {})
      : run_(run),
        flags_(run.flags),
        adopt_(adopt),
        egress_(run.gateways()[place]),
        place_(place),
        lacking_(std::move(lacking)),
        prepared_(run.preparation.of(place)) {}

  /// Nothing of the gateway is written that was not checked: now, or, where nothing of it stood, by whoever
  /// ran check() before.
  void run(bool was_checked = false) {
    const bool is_new = prepared_.survey.namespace_exists && !prepared_.plan.before && flags_.adopt.empty();
    if (!was_checked || !is_new) check();
    if (flags_.dry_run == "server")
      print_dry_run(" (server dry run)");
    else if (changes_nothing())
      print_unchanged();
    else
      write();
  }

  /// By the server, which stores nothing of it.
  void check(bool may_make_namespace = true) {
    if (prepared_.stands) return warn();
    if (prepared_.survey.namespace_exists) return check_objects();
    // All that can be known before the namespace is there, for nothing in it can be checked before.
    check_objects(false);
    if (!may_make_namespace) return;
    if (flags_.dry_run == "server") {
      fleet::create_namespace(run_.cluster, egress_.ns, true);
      return run_.session.warn("the server can check the objects only once namespace \"" + egress_.ns +
                               "\" is there");
    }
    // It stays where the check fails: somebody else may be using it by then.
    made_namespace_ = fleet::create_namespace(run_.cluster, egress_.ns, false);
    if (made_namespace_ && flags_.output.empty())
      run_.session.out() << "namespace/" << egress_.ns << " created\n";
    try {
      check_objects();
    } catch (const Error& error) {
      if (!made_namespace_) throw;
      run_.session.warn("namespace \"" + egress_.ns + "\" was made, and stands; " +
                        fleet::delete_namespace_command(egress_) + " removes it");
      fleet::Outcome outcome{.stage = fleet::Outcome::Stage::preflight};
      fleet::add_made_namespace(outcome, egress_.ns);
      throw fleet::OperationFailed(error, std::move(outcome));
    }
  }

 private:
  void check_objects(bool by_server = true) {
    const fleet::Consent consent{.force = flags_.force_conflicts,
                                 .adopt = adopt_,
                                 .by_server = by_server,
                                 .makes_namespace = !by_server && flags_.create_namespace,
                                 .lacking = lacking_};
    const auto adopted =
        fleet::check(run_.cluster, prepared_.plan, consent, prepared_.survey.rules, prepared_.findings);
    if (!by_server) return;
    warn();
    for (const std::string& sentence : adopted) run_.session.warn(sentence);
  }

  void warn() const {
    for (const mesh::Finding& one : prepared_.findings)
      if (one.severity == mesh::Severity::warning) run_.preparation.warn(printable(one.message));
  }

  bool stood_before() const {
    return prepared_.plan.before && prepared_.plan.before->operation != mesh::Operation::create;
  }

  bool changes_nothing() const {
    if (prepared_.stands) return true;
    if (!prepared_.plan.before || prepared_.plan.begun) return false;
    const bool same_members = prepared_.plan.record.members.size() == prepared_.plan.objects.size();
    return same_members && mesh::file_form(prepared_.plan.before->egress) == mesh::file_form(egress_) &&
           prepared_.plan.before->istio == prepared_.plan.record.istio &&
           std::ranges::all_of(prepared_.plan.objects, &mesh::Object::unchanged);
  }

  void write() {
    // Nobody asks any more what the server made of them, and others may wait for long beside this one.
    for (mesh::Object& one : prepared_.plan.objects) one.tried = {};
    Progress progress(run_.session, egress_, run_.gateways().size(),
                      flags_.output.empty() && !run_.is_of_many());
    const fleet::Reporter reporter = progress.reporter();
    const bool all_gone =
        fleet::apply(run_.cluster, prepared_.plan,
                     {flags_.waiting.wait, flags_.waiting.duration(), flags_.force_conflicts,
                      !flags_.no_rollback, made_namespace_, run_.is_of_many() ? &run_.rollouts : nullptr},
                     reporter);
    progress.done();
    if (!all_gone)
      run_.session.warn(fleet::described(egress_) +
                        " stands, but not all that it no longer needs is gone yet: " +
                        fleet::inspect_command(egress_) + " shows what is left");
    if (!run_.results.is_wanted())
      run_.session.out() << "egressgateway/" << egress_.name
                         << (stood_before() ? " configured\n" : " created\n");
    // Who is shown the objects is shown it there.
    if (!run_.results.is_wanted() || run_.cas.is_asked_for()) run_.cas.put(place_, prepared_.design);
    if (run_.results.is_wanted()) print();
  }

  void print_dry_run(const std::string& suffix) {
    if (run_.results.is_wanted()) return print();
    auto line = [&](const std::string& label, const std::string& verb) {
      if (!run_.is_of_many()) run_.session.out() << label << ' ' << verb << suffix << '\n';
    };
    const bool changed = !changes_nothing();
    const std::string verb = !prepared_.plan.before ? "created" : changed ? "configured" : "unchanged";
    if (!prepared_.survey.namespace_exists) line("namespace/" + egress_.ns, "created");
    line("configmap/" + mesh::object_name(egress_.name), verb);
    for (const mesh::Object& one : prepared_.plan.objects)
      line(one.reference.label(), one.unchanged            ? "unchanged"
                                  : one.standing.is_null() ? "created"
                                                           : "configured");
    for (const mesh::Reference& one : prepared_.plan.no_longer_needed()) line(one.label(), "deleted");
    run_.session.out() << "egressgateway/" << egress_.name << ' ' << verb << suffix << '\n';
  }

  void print_unchanged() {
    if (run_.cas.is_asked_for()) run_.cas.put(place_, prepared_.design);
    if (run_.results.is_wanted()) return print();
    for (const mesh::Object& one : prepared_.plan.objects)
      if (!run_.is_of_many()) run_.session.out() << one.reference.label() << " unchanged\n";
    run_.session.out() << "egressgateway/" << egress_.name << " unchanged\n";
  }

  /// Below nothing that is under way.
  void print() {
    run_.session.live().clear();
    run_.results.print(printed());
  }

  Printed printed() const { return {prepared_.plan, !prepared_.survey.namespace_exists}; }

  Run& run_;
  const WriteFlags& flags_;
  const std::vector<std::string>& adopt_;
  const mesh::Egress& egress_;
  std::size_t place_;
  std::vector<mesh::Permission> lacking_;
  bool made_namespace_ = false;
  Prepared prepared_;
};

/// Of what is named for several gateways each needs its own.
std::vector<std::vector<std::string>> adopted(Preparation& preparation, const WriteFlags& flags) {
  std::vector<Adopter> adopters;
  for (std::size_t i = 0; i < preparation.gateways().size(); ++i) {
    Adopter& made = adopters.emplace_back(Adopter{preparation.gateways()[i], {}});
    if (flags.adopt.empty()) continue;
    try {
      for (const mesh::Object& one : preparation.of(i).plan.objects) made.objects.push_back(one.reference);
    } catch (const Interrupted&) {
      throw;
    } catch (const Error& error) {
      made.why_unknown = error.what();
    }
  }
  return share_out(flags.adopt, adopters);
}

/// What would be written, by nothing but what is known here.
void print_unseen(Session& session, const WriteFlags& flags, const mesh::Egress& egress) {
  mesh::Design design = design_unseen(session, egress);
  add_material(design);
  const mesh::Plan plan = mesh::plan(design, mesh::assumed_served(design.mesh.version));
  const Printed printed{plan, flags.create_namespace};
  if (session.results().is_wanted()) return session.results().print(printed);
  for (const std::string& label : labels(printed)) session.out() << label << " created (dry run)\n";
  session.out() << "egressgateway/" << egress.name << " created (dry run)\n";
}

std::vector<mesh::GatewayName> names_of(const std::vector<mesh::Egress>& gateways) {
  std::vector<mesh::GatewayName> names;
  for (const mesh::Egress& one : gateways) names.emplace_back(one.ns, one.name);
  return names;
}

}  // namespace

void WriteFlags::add(FlagSet& flags) {
  flags
      .add("--save-ca", save_ca,
           "With --self-signed: where to put the CA's certificate, or those of all gateways")
      .type(value_type::file)
      .group("Callers from outside");
  flags.add("--istio-namespace", istio_namespace, "Where istiod runs (default: wherever it is found)")
      .type(value_type::ns)
      .group("Istio");
  flags.add_switch("--create-namespace", create_namespace, "Make the namespace where it is missing");
  add_dry_run_flag(flags, dry_run);
  flags
      .add("-o,--output", output,
           "Print the objects, and with json and yaml the outcome of a failure: json, yaml, name, "
           "jsonpath=... or custom-columns=...")
      .type(join(render::output_words(false), "|"));
  flags.add("--adopt", adopt, "TYPE/NAME of an object that stands and is to be taken over; may be repeated")
      .type(value_type::object);
  flags.add_switch("--force-conflicts", force_conflicts,
                   "Take back fields that somebody else manages by now");
  flags.add_switch("--no-rollback", no_rollback,
                   "Leave what was written where something fails, to look at it");
  waiting.add(flags, "for a ready pod before callers are sent to it");
}

void WriteFlags::check() const {
  check_dry_run(dry_run);
  // A file may be a pipe, and is read but once: by the printer.
  if (output.find("-file=") == std::string::npos) render::read_output(output, false);
  waiting.duration();
}

void write_gateway(Session& session, const std::string& command, const WriteFlags& flags,
                   const mesh::Egress& egress, Standing standing,
                   const std::vector<mesh::Permission>& lacking) {
  session.results().begin(flags.output, {{egress.ns, egress.name}}, false);
  CaFile cas(session, flags.save_ca);
  if (flags.dry_run == "client") return print_unseen(session, flags, egress);
  Run run(session, command, flags, {egress}, standing, cas);
  Writing writing(run, 0, flags.adopt, lacking);
  notice_interruptions();
  writing.run();
  if (flags.dry_run == "none") cas.save();
}

bool write_gateways(Session& session, const std::string& command, const WriteFlags& flags,
                    std::vector<mesh::Egress> wanted, const std::vector<mesh::Permission>& lacking) {
  CaFile cas(session, flags.save_ca);
  if (flags.dry_run == "client") {
    refuse_shared_hosts(wanted, mesh::audit(wanted, {}));
    session.results().begin(flags.output, names_of(wanted), true);
    for (const mesh::Egress& egress : wanted) print_unseen(session, flags, egress);
    return true;
  }
  notice_interruptions();
  Run run(session, command, flags, std::move(wanted), Standing::updated, cas);
  const std::vector<mesh::Egress>& gateways = run.gateways();
  refuse_shared_hosts(gateways, run.preparation.findings());
  session.results().begin(flags.output, names_of(gateways), true);
  const auto adopt = adopted(run.preparation, flags);
  Tally tally(session, gateways.size(), flags.fail_fast);
  if (flags.fail_fast || !lacking.empty()) {
    run_in_lanes(gateways.size(), lanes_of_checks, [&](std::size_t i) {
      tally.attempt(gateways[i], [&] { Writing(run, i, adopt[i]).check(false); });
    });
    if (!lacking.empty()) {
      session.tell(fleet::lacking("written", lacking));
      session.results().fail(fleet::lacking("written", lacking));
    }
    if (tally.failed() || !lacking.empty()) return tally.finish("nothing was written") && lacking.empty();
    tally.start_again();
  }
  run_in_lanes(gateways.size(), lanes(flags), [&](std::size_t i) {
    tally.attempt(gateways[i], [&] { Writing(run, i, adopt[i]).run(flags.fail_fast); });
  });
  run.preparation.tell_untold();
  const bool all = tally.finish("the others are as the files say");
  if (flags.dry_run == "none") cas.save();
  return all;
}

}  // namespace egress::cli
