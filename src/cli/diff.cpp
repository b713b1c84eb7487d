#include <cstddef>
#include <map>
#include <memory>
#include <ostream>
#include <utility>

#include "egress/base/tasks.hpp"
#include "egress/base/text.hpp"
#include "egress/base/yaml.hpp"
#include "egress/cli/batch_run.hpp"
#include "egress/cli/command.hpp"
#include "egress/cli/manifest_files.hpp"
#include "egress/cli/preparation.hpp"
#include "egress/cli/value_type.hpp"
#include "egress/fleet/inventory.hpp"
#include "egress/fleet/live_member.hpp"
#include "egress/fleet/preflight.hpp"
#include "egress/kube/managed_fields.hpp"
#include "egress/mesh/egress_manifest.hpp"
#include "egress/render/colour.hpp"
#include "egress/render/diff.hpp"

namespace egress::cli {
namespace {

constexpr const char* examples =
    R"(  # Show what others changed in a gateway and apply would revert
  kubectl egress diff httpbin

  # Show what apply would change for the gateways of a file
  kubectl egress diff -f gateways.yaml)";

/// The exit codes of kubectl diff: 1 for differences, more for a failure.
constexpr int exit_differences = 1;
constexpr int exit_failed = 2;
/// The maximum number of gateways compared at the same time.
constexpr std::size_t max_concurrent = 16;

struct Options {
  std::vector<std::string> names;
  std::vector<std::string> files;
  bool recursive = false;
  std::string istio_namespace;
};

/// The object as YAML without the fields that the server sets. The values of a Secret are masked; those that
/// differ from `other` are replaced by `mask`.
std::string comparable_yaml(Json object, const Json& other, const char* mask) {
  if (object.is_null()) return {};
  for (const char* key : {"managedFields", "resourceVersion", "generation", "uid", "creationTimestamp"})
    object.edit("metadata").erase(key);
  object.erase("status");
  if (object["kind"].as_string() == "Secret") {
    // kubectl's annotation contains all data of the Secret.
    Json& annotations = object.edit("metadata").edit("annotations");
    annotations.erase("kubectl.kubernetes.io/last-applied-configuration");
    if (annotations.members().empty()) object.edit("metadata").erase("annotations");
    object.erase("stringData");
    const Json data = object["data"];
    for (const auto& [key, value] : data.members())
      object.edit("data").edit(key) = value == other["data"][key] ? "***" : mask;
  }
  return to_yaml(object.sorted());
}

/// The managers of each field. If the fields have the right values, apply only takes back their ownership.
std::string format_managers(const Json& object) {
  std::map<std::string, std::vector<std::string>> managers;
  for (const auto& [manager, fields] : kube::managed_fields(object["metadata"]))
    for (const std::string& field : fields) managers[field].push_back(printable(manager, 100));
  std::string text;
  for (const auto& [field, manager] : managers)
    text += "# " + printable(field, 300) + " is managed by " + join(manager, ", ") + "\n";
  return text;
}

std::string object_diff(const mesh::Object& object) {
  const std::string label = object.reference.display_name();
  const Json& live = object.live;
  const Json& planned = object.dry_run;
  const auto diff = [&](const std::string& before, const std::string& after) {
    return render::unified_diff("live/" + label, before, "planned/" + label, after);
  };
  std::string text =
      diff(comparable_yaml(live, planned, "*** (before)"), comparable_yaml(planned, live, "*** (after)"));
  return text.empty() ? diff(format_managers(live), format_managers(planned)) : text;
}

/// The difference of the record, for settings that no object shows, such as replicas without an autoscaler.
std::string record_diff(const mesh::Plan& plan) {
  const std::string label = "egressgateway/" + plan.record.egress.name;
  const std::string live = plan.previous ? to_yaml(mesh::egress_manifest(plan.previous->egress)) : "";
  return render::unified_diff("live/" + label, live, "planned/" + label,
                              to_yaml(mesh::egress_manifest(plan.record.egress)));
}

/// What apply would change in one gateway; empty if nothing.
std::string gateway_diff(kube::Cluster& cluster, Preparation& preparation, std::size_t index) {
  PreparedGateway prepared = preparation.prepare(index);
  if (prepared.is_up_to_date) return {};
  if (!prepared.survey.namespace_exists)
    throw Error(prepared.problems.back().message, prepared.problems.back().fix);
  // With force, the diff includes fields that other managers own.
  fleet::run_preflight(cluster, prepared.plan, {.force = true, .adopt = {}, .writes = false},
                       prepared.survey.rules, prepared.problems);
  std::string text;
  for (const mesh::Object& object : prepared.plan.objects)
    if (!object.unchanged) text += object_diff(object);
  mesh::Record obsolete;
  obsolete.egress = prepared.plan.record.egress;
  obsolete.members = prepared.plan.obsolete_members();
  for (const fleet::LiveMember& member : fleet::live_members(cluster, obsolete))
    text += "--- live/" + member.reference.display_name() + "\n+++ /dev/null\n";
  const mesh::Plan& plan = prepared.plan;
  const bool labels_changed = plan.previous && plan.previous->egress.labels != plan.record.egress.labels;
  return text.empty() || labels_changed ? text + record_diff(plan) : text;
}

/// Prints the diffs of several gateways in order, each as soon as all diffs before it are printed.
class DiffPrinter {
 public:
  explicit DiffPrinter(Session& session) : session_(session) {}

  /// Adds the diff of the i-th gateway; empty if there is no difference or it could not be computed.
  void add(std::size_t i, std::string text) {
    has_differences_ = has_differences_ || !text.empty();
    pending_.emplace(i, std::move(text));
    for (auto it = pending_.begin(); it != pending_.end() && it->first == next_;
         it = pending_.erase(it), ++next_)
      if (!it->second.empty())
        session_.out() << (session_.palette().is_enabled() ? render::colourize_diff(it->second) : it->second);
  }

  bool has_differences() const { return has_differences_; }

 private:
  Session& session_;
  std::map<std::size_t, std::string> pending_;
  std::size_t next_ = 0;
  bool has_differences_ = false;
};

std::vector<mesh::Egress> read_requested_gateways(Session& session, kube::Cluster& cluster,
                                                  const Options& options) {
  if (!options.files.empty()) return read_gateways(session, read_documents(options.files, options.recursive));
  std::vector<mesh::Egress> gateways;
  const std::string ns = session.ns();
  const auto records = fleet::read_records(cluster, options.names, ns);
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (!records[i]) throw fleet::gateway_not_found(options.names[i], ns);
    gateways.push_back(records[i]->egress);
  }
  return gateways;
}

int run(Session& session, const Options& options) {
  if (options.files.empty() == options.names.empty())
    throw options.files.empty() ? UsageError("no gateways specified", "specify NAME or -f FILENAME")
                                : UsageError("specify gateways in only one way: NAME or -f");
  try {
    kube::Cluster& cluster = session.cluster("diff");
    Preparation preparation(session, cluster, read_requested_gateways(session, cluster, options),
                            {options.istio_namespace});
    const auto& gateways = preparation.gateways();
    DiffPrinter diffs(session);
    BatchRun batch(session, gateways.size(), false);
    run_tasks(gateways.size(), max_concurrent, [&](std::size_t i) {
      std::string text;
      batch.run(gateways[i], [&] { text = gateway_diff(cluster, preparation, i); });
      diffs.add(i, std::move(text));
    });
    if (!batch.finish("the others were compared")) return exit_failed;
    return diffs.has_differences() ? exit_differences : 0;
  } catch (const Error& error) {
    session.report(error);
    return exit_failed;
  }
}

}  // namespace

Command diff_command(CLI::App& root, Session& session) {
  FlagSet flags = FlagSet::add_command(root, "diff", "Show what apply would change");
  auto options = std::make_shared<Options>();
  add_gateway_names(flags, options->names, "Gateways to compare with their records");
  flags.add("-f,--filename", options->files, "File or folder with manifests, or - for stdin; repeatable")
      .type(value_type::manifest);
  flags.add_switch("-R,--recursive", options->recursive, "Process the folders of -f recursively");
  flags.add("--istio-namespace", options->istio_namespace, "Namespace of istiod (default: detected)")
      .type(value_type::ns);
  flags.set_examples(examples);
  return {flags.app(), [&session, options] { return run(session, *options); }, "(NAME... | -f FILENAME)",
          "0: no differences. 1: differences found. 2: failure (see stderr)."};
}

}  // namespace egress::cli
