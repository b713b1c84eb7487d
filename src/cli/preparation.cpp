#include "egress/cli/preparation.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <optional>

#include "egress/base/error.hpp"
#include "egress/base/text.hpp"
#include "egress/cli/batch_run.hpp"
#include "egress/cli/findings.hpp"
#include "egress/cli/gateway_certificates.hpp"
#include "egress/fleet/audit_snapshot.hpp"
#include "egress/fleet/extra_members.hpp"
#include "egress/fleet/hints.hpp"
#include "egress/mesh/audit.hpp"
#include "egress/mesh/egress_manifest.hpp"
#include "egress/mesh/field_errors.hpp"
#include "egress/mesh/full_name.hpp"
#include "egress/mesh/istio_support.hpp"

namespace egress::cli {
namespace {

/// Collects the problems of one gateway, so that all of them can be reported together.
class ProblemCollector {
 public:
  ProblemCollector(PreparedGateway& prepared, const mesh::Egress& egress)
      : prepared_(prepared), egress_(egress) {}

  void add(const std::string& message, const std::string& fix) {
    mesh::Finding problem{.severity = mesh::Severity::error,
                          .code = {},
                          .object = mesh::gateway_reference(egress_),
                          .gateway = egress_.ns + '/' + egress_.name,
                          .message = message,
                          .fix = fix};
    prepared_.problems.push_back(std::move(problem));
  }

  /// Runs a step and adds its error, if any, to the problems.
  void attempt(const std::function<void()>& step) {
    try {
      step();
    } catch (const mesh::InvalidManifest& faulty) {
      for (const mesh::FieldError& field_error : faulty.errors())
        add(field_error.with_field(), faulty.hint());
    } catch (const Error& error) {
      add(error.what(), error.hint());
    }
  }

 private:
  PreparedGateway& prepared_;
  const mesh::Egress& egress_;
};

/// Returns the record of an existing gateway. Throws Error if this command must not change it.
mesh::Record check_existing_record(mesh::Record record, const mesh::Egress& egress, IfExists if_exists) {
  if (if_exists == IfExists::update) return record;
  const std::string inspect_hint = "to inspect it: " + fleet::inspect_command(egress);
  if (record.operation == mesh::Operation::none)
    throw Error(mesh::full_name(egress) + " already exists", inspect_hint, reason::already_exists);
  mesh::Egress recorded = record.egress;
  recorded.labels = egress.labels;
  const bool is_same = mesh::egress_manifest(recorded) == mesh::egress_manifest(egress);
  if (record.operation == mesh::Operation::create && is_same) return record;
  throw Error(mesh::full_name(egress) +
                  " exists but is incomplete: a create with other settings, an update or a delete was "
                  "interrupted",
              inspect_hint + "; to delete it: " + fleet::delete_command(egress), reason::already_exists);
}

std::vector<fleet::GatewayRequest> gateway_requests(const std::vector<mesh::Egress>& gateways,
                                                    const PrepareOptions& options) {
  std::vector<fleet::GatewayRequest> requests;
  for (const mesh::Egress& gateway : gateways)
    requests.push_back({gateway.name,
                        gateway.ns,
                        {gateway.istio.version, gateway.istio.revision, options.istio_namespace,
                         gateway.workload.hub, gateway.workload.tag}});
  return requests;
}

/// The first survey that succeeds, for its mesh. If none does, there is no audit.
std::optional<fleet::Survey> first_survey(const fleet::FleetSurvey& survey, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    try {
      return survey.survey(i);
    } catch (const Error&) {
      continue;  // Preparation::prepare() reports the error
    }
  }
  return std::nullopt;
}

}  // namespace

Preparation::Preparation(Session& session, kube::Cluster& cluster, std::vector<mesh::Egress> gateways,
                         const PrepareOptions& options)
    : session_(session),
      cluster_(cluster),
      gateways_(std::move(gateways)),
      options_(options),
      pages_(fleet::audit_listings()),
      survey_(cluster, gateway_requests(gateways_, options_), &pages_),
      findings_(audit(kube::list_all(cluster, std::move(pages_)))),
      live_state_(read_live_state()) {
  for (std::size_t i = 0; i < findings_.size(); ++i) findings_by_gateway_[findings_[i].gateway].push_back(i);
}

/// For a single gateway, its objects are read one by one instead.
fleet::LiveState Preparation::read_live_state() const {
  if (gateways_.size() == 1) return {};
  return {cluster_, survey_.served(), survey_.records()};
}

std::vector<mesh::Finding> Preparation::audit(std::vector<kube::ListResult> listed) {
  const auto survey = first_survey(survey_, gateways_.size());
  if (!survey) return {};
  mesh::AuditSnapshot snapshot = fleet::build_snapshot(listed);
  snapshot.mesh = survey->mesh;
  snapshot.has_mesh_config = survey->mesh_config_known;
  snapshot.revisions = survey->revisions;
  snapshot.now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  fleet::complete_snapshot(cluster_, gateways_, snapshot);
  return mesh::audit(gateways_, snapshot);
}

void check_shared_hosts(const std::vector<mesh::Egress>& gateways, std::span<const mesh::Finding> findings) {
  std::set<std::string> keys;
  for (const mesh::Egress& egress : gateways) keys.insert(mesh::gateway_reference(egress).key());
  std::vector<std::string> problems;
  for (const mesh::Finding& finding : findings)
    if (finding.code == "IST0109" && finding.severity == mesh::Severity::error &&
        keys.contains(finding.object.key()))
      problems.push_back(gateway_name(finding) + ": " + finding.code + ": " + finding.message);
  if (problems.empty()) return;
  if (const std::size_t omitted = problems.size() - std::min(problems.size(), max_reported); omitted > 0) {
    problems.resize(max_reported);
    problems.emplace_back(omitted_errors(omitted).what());
  }
  throw Error("nothing was written:\n  " + join(problems, "\n  "));
}

void Preparation::warn(const std::string& sentence) {
  if (warnings_.insert(sentence).second && warnings_.size() <= max_reported) session_.warn(sentence);
}

void Preparation::warn_omitted() const {
  if (warnings_.size() > max_reported) session_.warn(omitted_errors(warnings_.size() - max_reported).what());
}

PreparedGateway Preparation::prepare(std::size_t i) {
  const mesh::Egress& egress = gateways_[i];
  PreparedGateway prepared;
  prepared.survey = survey_.survey(i);
  for (const std::string& sentence : prepared.survey.warnings) warn(sentence);
  design(prepared, egress);
  plan(prepared, egress);
  add_extra_members(prepared);
  const bool is_unchanged = live_state_.mark_unchanged(prepared.plan);
  prepared.is_up_to_date = prepared.problems.empty() && is_unchanged;
  for (const std::string& gateway : {std::string(), egress.ns + '/' + egress.name})
    for (const std::size_t finding : findings_by_gateway_[gateway])
      prepared.findings.push_back(findings_[finding]);
  if (!prepared.survey.namespace_exists && !options_.create_namespace)
    ProblemCollector(prepared, egress)
        .add("namespace/" + egress.ns + " does not exist",
             "add --create-namespace, or create it first: kubectl create namespace " + egress.ns);
  std::ranges::copy(prepared.problems, std::back_inserter(prepared.findings));
  return prepared;
}

void Preparation::design(PreparedGateway& prepared, const mesh::Egress& egress) {
  ProblemCollector problems(prepared, egress);
  prepared.design = {egress, prepared.survey.mesh};
  prepared.design.has_metrics_api = prepared.survey.metrics;
  problems.attempt([&] { prepared.design.pod_revision = prepared.survey.pod_revision(); });
  problems.attempt([&] { add_root_certificates(prepared.design); });
  problems.attempt([&] { mesh::check_istio_support(prepared.design); });
  add_self_signed_certificate(prepared.design, cluster_);
}

void Preparation::plan(PreparedGateway& prepared, const mesh::Egress& egress) const {
  ProblemCollector problems(prepared, egress);
  std::vector<kube::Kind> unserved;
  prepared.plan =
      mesh::plan(prepared.design, mesh::manifests(prepared.design, prepared.survey.served, unserved));
  for (const kube::Kind& kind : unserved) problems.add(mesh::unserved_message(kind), "");
  if (!prepared.survey.record) return;
  std::optional<mesh::Record> record;
  problems.attempt([&] { record = mesh::read_record(*prepared.survey.record); });
  if (record)
    mesh::merge_record(prepared.plan, check_existing_record(std::move(*record), egress, options_.if_exists),
                       prepared.survey.served);
}

void Preparation::add_extra_members(PreparedGateway& prepared) const {
  if (!prepared.plan.previous) return;
  live_state_.add_extra_members(prepared.plan.record);
  if (gateways_.size() == 1)
    fleet::add_extra_members(cluster_, prepared.survey.served, std::span(&prepared.plan.record, 1));
}

}  // namespace egress::cli
