#include <cstddef>
#include <map>
#include <memory>
#include <ostream>
#include <utility>

#include "egress/base/lanes.hpp"
#include "egress/base/text.hpp"
#include "egress/base/yaml.hpp"
#include "egress/cli/command.hpp"
#include "egress/cli/files.hpp"
#include "egress/cli/preparation.hpp"
#include "egress/cli/tally.hpp"
#include "egress/cli/value_type.hpp"
#include "egress/fleet/check.hpp"
#include "egress/fleet/inventory.hpp"
#include "egress/fleet/member.hpp"
#include "egress/kube/managed_fields.hpp"
#include "egress/mesh/egress_form.hpp"
#include "egress/render/colour.hpp"
#include "egress/render/diff.hpp"

namespace egress::cli {
namespace {

constexpr const char* examples =
    R"(  # What others have changed of a gateway, and what an apply would change back
  kubectl egress diff httpbin

  # What an apply of these files would change
  kubectl egress diff -f gateways.yaml)";

/// As kubectl diff's: 1 says that there are differences, more that something failed.
constexpr int differences = 1;
constexpr int failed = 2;
/// Gateways under way at one time.
constexpr std::size_t lanes = 16;

struct Options {
  std::vector<std::string> names;
  std::vector<std::string> files;
  bool recursive = false;
  std::string istio_namespace;
};

/// What a person may have written of an object; a Secret's values only as far as they differ.
std::string comparable(Json object, const Json& other, const char* mask) {
  if (object.is_null()) return {};
  for (const char* key : {"managedFields", "resourceVersion", "generation", "uid", "creationTimestamp"})
    object.edit("metadata").erase(key);
  object.erase("status");
  if (object["kind"].as_string() == "Secret") {
    // kubectl's, with all data in it.
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

/// Who manages which fields; of an object that says what it shall, that alone is taken back.
std::string managers_of(const Json& object) {
  std::map<std::string, std::vector<std::string>> managers;
  for (const auto& [who, fields] : kube::managed_fields(object["metadata"]))
    for (const std::string& field : fields) managers[field].push_back(printable(who, 100));
  std::string text;
  for (const auto& [field, who] : managers)
    text += "# " + printable(field, 300) + " is managed by " + join(who, ", ") + "\n";
  return text;
}

std::string difference(const mesh::Object& object) {
  const std::string label = object.reference.label();
  const Json& standing = object.standing;
  const Json& planned = object.tried;
  const auto compared = [&](const std::string& before, const std::string& after) {
    return render::unified_diff("standing/" + label, before, "planned/" + label, after);
  };
  std::string text =
      compared(comparable(standing, planned, "*** (before)"), comparable(planned, standing, "*** (after)"));
  return text.empty() ? compared(managers_of(standing), managers_of(planned)) : text;
}

/// What the gateway's record holds and no object shows, such as a number of pods without an autoscaler.
std::string difference_of_forms(const mesh::Plan& plan) {
  const std::string label = "egressgateway/" + plan.record.egress.name;
  const std::string standing = plan.before ? to_yaml(mesh::file_form(plan.before->egress)) : "";
  return render::unified_diff("standing/" + label, standing, "planned/" + label,
                              to_yaml(mesh::file_form(plan.record.egress)));
}

/// What an apply would change of one of them; empty where nothing.
std::string difference(kube::Cluster& cluster, Preparation& preparation, std::size_t place) {
  Prepared made = preparation.of(place);
  if (made.stands) return {};
  if (!made.survey.namespace_exists) throw Error(made.refusals.back().message, made.refusals.back().fix);
  // Forced: what others took over is to be seen, too.
  fleet::check(cluster, made.plan, {.force = true, .adopt = {}, .writes = false}, made.survey.rules,
               made.refusals);
  std::string text;
  for (const mesh::Object& one : made.plan.objects)
    if (!one.unchanged) text += difference(one);
  mesh::Record stale;
  stale.egress = made.plan.record.egress;
  stale.members = made.plan.no_longer_needed();
  for (const fleet::Member& one : fleet::standing_members(cluster, stale))
    text += "--- standing/" + one.reference.label() + "\n+++ /dev/null\n";
  const mesh::Plan& plan = made.plan;
  const bool relabelled = plan.before && plan.before->egress.labels != plan.record.egress.labels;
  return text.empty() || relabelled ? text + difference_of_forms(plan) : text;
}

/// The gateways' differences, printed in their order, each as soon as those before it are.
class Differences {
 public:
  explicit Differences(Session& session) : session_(session) {}

  /// Of the i-th; empty where there is none, or where it is not known.
  void put(std::size_t i, std::string text) {
    any_ = any_ || !text.empty();
    early_.emplace(i, std::move(text));
    for (auto at = early_.begin(); at != early_.end() && at->first == next_; at = early_.erase(at), ++next_)
      if (!at->second.empty())
        session_.out() << (session_.palette().on() ? render::painted_diff(at->second) : at->second);
  }

  bool any() const { return any_; }

 private:
  Session& session_;
  std::map<std::size_t, std::string> early_;
  std::size_t next_ = 0;
  bool any_ = false;
};

std::vector<mesh::Egress> wanted(Session& session, kube::Cluster& cluster, const Options& options) {
  if (!options.files.empty()) return read_gateways(session, read_documents(options.files, options.recursive));
  std::vector<mesh::Egress> gateways;
  const std::string ns = session.ns();
  const auto records = fleet::read_records(cluster, options.names, ns);
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (!records[i]) throw fleet::not_found(options.names[i], ns);
    gateways.push_back(records[i]->egress);
  }
  return gateways;
}

int run(Session& session, const Options& options) {
  if (options.files.empty() == options.names.empty())
    throw UsageError("diff needs either the NAMEs of gateways or files: -f FILE");
  try {
    kube::Cluster& cluster = session.cluster("diff");
    Preparation preparation(session, cluster, wanted(session, cluster, options), {options.istio_namespace});
    const auto& gateways = preparation.gateways();
    Differences found(session);
    Tally tally(session, gateways.size(), false);
    run_in_lanes(gateways.size(), lanes, [&](std::size_t i) {
      std::string text;
      tally.attempt(gateways[i], [&] { text = difference(cluster, preparation, i); });
      found.put(i, std::move(text));
    });
    if (!tally.finish("the others are compared")) return failed;
    return found.any() ? differences : 0;
  } catch (const Error& error) {
    session.tell(error);
    return failed;
  }
}

}  // namespace

Command diff_command(CLI::App& root, Session& session) {
  FlagSet flags = FlagSet::add_command(root, "diff", "Show what an apply would change");
  auto options = std::make_shared<Options>();
  add_names(flags, options->names, "Gateways that stand: what others changed of them");
  flags.add("-f,--filename", options->files, "A file, a folder, or - for stdin; may be repeated")
      .type(value_type::manifest);
  flags.add_switch("-R,--recursive", options->recursive, "Take the files below a folder, too");
  flags
      .add("--istio-namespace", options->istio_namespace, "Where istiod runs (default: wherever it is found)")
      .type(value_type::ns);
  flags.set_examples(examples);
  return {flags.app(), [&session, options] { return run(session, *options); }, "(NAME... | -f FILENAME)",
          "0: no difference. 1: differences. 2: failed, and stderr says why."};
}

}  // namespace egress::cli
