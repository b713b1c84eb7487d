#include "egress/cli/preparation.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <optional>

#include "egress/base/error.hpp"
#include "egress/base/text.hpp"
#include "egress/cli/material.hpp"
#include "egress/cli/tally.hpp"
#include "egress/fleet/hints.hpp"
#include "egress/fleet/surroundings.hpp"
#include "egress/fleet/unexpected.hpp"
#include "egress/mesh/audit.hpp"
#include "egress/mesh/egress_form.hpp"
#include "egress/mesh/faults.hpp"
#include "egress/mesh/support.hpp"

namespace egress::cli {
namespace {

/// What keeps a gateway from being as it is asked for, gathered to be told with all else that does.
class Refusals {
 public:
  Refusals(Prepared& made, const mesh::Egress& egress) : made_(made), egress_(egress) {}

  void add(const std::string& message, const std::string& fix) {
    mesh::Finding refusal{.severity = mesh::Severity::error,
                          .code = {},
                          .object = mesh::gateway_reference(egress_),
                          .gateway = egress_.ns + '/' + egress_.name,
                          .message = message,
                          .fix = fix};
    made_.refusals.push_back(std::move(refusal));
  }

  /// A step that refuses what it cannot do.
  void attempt(const std::function<void()>& step) {
    try {
      step();
    } catch (const mesh::FaultyForm& faulty) {
      for (const mesh::Fault& one : faulty.faults()) add(one.text, faulty.hint());
    } catch (const Error& error) {
      add(error.what(), error.hint());
    }
  }

 private:
  Prepared& made_;
  const mesh::Egress& egress_;
};

/// The record of a gateway that stands, where this command may go on with it.
mesh::Record permitted(mesh::Record record, const mesh::Egress& egress, Standing standing) {
  if (standing == Standing::updated) return record;
  const std::string look = "Look at it: " + fleet::inspect_command(egress);
  if (record.operation == mesh::Operation::none)
    throw Error(fleet::described(egress) + " already exists", look, reason::already_exists);
  mesh::Egress of_record = record.egress;
  of_record.labels = egress.labels;
  const bool same = mesh::file_form(of_record) == mesh::file_form(egress);
  if (record.operation == mesh::Operation::create && same) return record;
  throw Error(fleet::described(egress) +
                  " exists and is incomplete: a create of another form, a change or a delete was cut off",
              look + ". Remove it: " + fleet::delete_command(egress), reason::already_exists);
}

std::vector<fleet::Wanted> wanted(const std::vector<mesh::Egress>& gateways, const Preparing& preparing) {
  std::vector<fleet::Wanted> made;
  for (const mesh::Egress& one : gateways)
    made.push_back({one.name,
                    one.ns,
                    {one.istio.version, one.istio.revision, preparing.istio_namespace, one.workload.hub,
                     one.workload.tag}});
  return made;
}

/// The mesh of the first that has one: where none has, none is audited.
std::optional<fleet::Survey> first_survey(const fleet::FleetSurvey& survey, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    try {
      return survey.of(i);
    } catch (const Error&) {
      continue;  // Preparation::of() says why
    }
  }
  return std::nullopt;
}

}  // namespace

Preparation::Preparation(Session& session, kube::Cluster& cluster, std::vector<mesh::Egress> gateways,
                         const Preparing& preparing)
    : session_(session),
      cluster_(cluster),
      gateways_(std::move(gateways)),
      preparing_(preparing),
      pages_(fleet::surrounding_listings()),
      survey_(cluster, wanted(gateways_, preparing_), &pages_),
      findings_(audited(kube::list_all(cluster, std::move(pages_)))),
      standing_(standing()) {
  for (std::size_t i = 0; i < findings_.size(); ++i) findings_of_[findings_[i].gateway].push_back(i);
}

/// One gateway is looked at object by object.
fleet::Standing Preparation::standing() const {
  if (gateways_.size() == 1) return {};
  return {cluster_, survey_.served(), survey_.records()};
}

std::vector<mesh::Finding> Preparation::audited(std::vector<kube::Listed> listed) {
  const auto survey = first_survey(survey_, gateways_.size());
  if (!survey) return {};
  mesh::Surroundings surroundings = fleet::sort_out(listed);
  surroundings.mesh = survey->mesh;
  surroundings.mesh_config_known = survey->mesh_config_known;
  surroundings.revisions = survey->revisions;
  surroundings.now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  fleet::look_closer(cluster_, gateways_, surroundings);
  return mesh::audit(gateways_, surroundings);
}

void refuse_shared_hosts(const std::vector<mesh::Egress>& gateways, std::span<const mesh::Finding> findings) {
  std::set<std::string> named;
  for (const mesh::Egress& egress : gateways) named.insert(mesh::gateway_reference(egress).key());
  std::vector<std::string> faults;
  for (const mesh::Finding& one : findings)
    if (one.code == "IST0109" && one.severity == mesh::Severity::error && named.contains(one.object.key()))
      faults.push_back(one.gateway + ": " + one.code + ": " + one.message);
  if (faults.empty()) return;
  if (const std::size_t more = faults.size() - std::min(faults.size(), most_told); more > 0) {
    faults.resize(most_told);
    faults.emplace_back(more_untold(more).what());
  }
  throw Error("nothing was written:\n  " + join(faults, "\n  "));
}

void Preparation::warn(const std::string& sentence) {
  if (warned_.insert(sentence).second && warned_.size() <= most_told) session_.warn(sentence);
}

void Preparation::tell_untold() const {
  if (warned_.size() > most_told) session_.warn(more_untold(warned_.size() - most_told).what());
}

Prepared Preparation::of(std::size_t i) {
  const mesh::Egress& egress = gateways_[i];
  Prepared made;
  made.survey = survey_.of(i);
  for (const std::string& sentence : made.survey.warnings) warn(sentence);
  design(made, egress);
  plan(made, egress);
  add_unexpected(made);
  const bool as_it_should_be = standing_.mark(made.plan);
  made.stands = made.refusals.empty() && as_it_should_be;
  for (const std::string& gateway : {std::string(), egress.ns + '/' + egress.name})
    for (const std::size_t finding : findings_of_[gateway]) made.findings.push_back(findings_[finding]);
  if (!made.survey.namespace_exists && !preparing_.may_make_namespace)
    Refusals(made, egress)
        .add("namespace \"" + egress.ns + "\" does not exist",
             "Add --create-namespace, or make it first: kubectl create namespace " + egress.ns);
  std::ranges::copy(made.refusals, std::back_inserter(made.findings));
  return made;
}

void Preparation::design(Prepared& made, const mesh::Egress& egress) {
  Refusals refusals(made, egress);
  made.design = {egress, made.survey.mesh};
  made.design.metrics = made.survey.metrics;
  refusals.attempt([&] { made.design.pod_revision = made.survey.pod_revision(); });
  refusals.attempt([&] { add_roots(made.design); });
  refusals.attempt([&] { mesh::check_support(made.design); });
  add_certificate(made.design, cluster_);
}

void Preparation::plan(Prepared& made, const mesh::Egress& egress) const {
  Refusals refusals(made, egress);
  std::vector<kube::Kind> unserved;
  made.plan = mesh::plan(made.design, mesh::manifests(made.design, made.survey.served, unserved));
  for (const kube::Kind& kind : unserved) refusals.add(mesh::unserved_fault(kind), "");
  if (!made.survey.record) return;
  std::optional<mesh::Record> record;
  refusals.attempt([&] { record = mesh::read_record(*made.survey.record); });
  if (record)
    mesh::take_over(made.plan, permitted(std::move(*record), egress, preparing_.standing),
                    made.survey.served);
}

void Preparation::add_unexpected(Prepared& made) const {
  if (!made.plan.before) return;
  standing_.add_unexpected(made.plan.record);
  if (gateways_.size() == 1)
    fleet::add_unexpected(cluster_, made.survey.served, std::span(&made.plan.record, 1));
}

}  // namespace egress::cli
