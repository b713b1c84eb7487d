#include "egress/cli/preparation.hpp"

#include "egress/base/error.hpp"
#include "egress/cli/material.hpp"
#include "egress/fleet/hints.hpp"
#include "egress/fleet/surroundings.hpp"
#include "egress/mesh/audit.hpp"
#include "egress/mesh/egress_form.hpp"

namespace egress::cli {
namespace {

[[noreturn]] void namespace_missing(const std::string& ns) {
  throw Error("namespace \"" + ns + "\" does not exist",
              "Add --create-namespace, or make it first: kubectl create namespace " + ns);
}

/// The record of a gateway that stands, where this command may go on with it.
mesh::Record standing_record(const Json& config_map, const mesh::Egress& egress, Standing standing) {
  mesh::Record record = mesh::read_record(config_map);
  if (standing == Standing::updated) return record;
  const std::string look = "Look at it: " + fleet::inspect_command(egress);
  if (record.operation == mesh::Operation::none)
    throw Error(fleet::described(egress) + " already exists", look);
  const bool same = mesh::file_form(record.egress) == mesh::file_form(egress);
  if (record.operation == mesh::Operation::create && same) return record;
  throw Error(fleet::described(egress) +
                  " exists and is incomplete: a create of another form, a change or a delete was cut off",
              look + ". Remove it: " + fleet::delete_command(egress));
}

std::vector<mesh::Finding> audited(kube::Cluster& cluster, const fleet::Survey& survey,
                                   const mesh::Egress& egress, std::vector<kube::Listed> listed) {
  mesh::Surroundings surroundings = fleet::sort_out(listed);
  surroundings.mesh = survey.mesh;
  surroundings.mesh_config_known = survey.mesh_config_known;
  surroundings.revisions = survey.revisions;
  surroundings.now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  fleet::look_closer(cluster, std::span(&egress, 1), surroundings);
  return mesh::audit(std::span(&egress, 1), surroundings);
}

}  // namespace

Prepared prepare(Session& session, kube::Cluster& cluster, const mesh::Egress& egress,
                 const Preparing& preparing) {
  Prepared made;
  kube::Pages pages(fleet::surrounding_listings());
  made.survey = fleet::survey(cluster, egress.name, egress.ns,
                              {egress.istio.version, egress.istio.revision, preparing.istio_namespace,
                               egress.workload.hub, egress.workload.tag},
                              &pages);
  for (const std::string& warning : made.survey.warnings) session.warn(warning);
  if (!made.survey.namespace_exists && !preparing.may_make_namespace) namespace_missing(egress.ns);
  made.design = {egress, made.survey.mesh};
  made.design.pod_revision = made.survey.pod_revision();
  made.design.metrics = made.survey.metrics;
  add_material(made.design, cluster);
  made.plan = mesh::plan(made.design, made.survey.served);
  if (made.survey.record)
    mesh::take_over(made.plan, standing_record(*made.survey.record, egress, preparing.standing),
                    made.survey.served);
  made.findings = audited(cluster, made.survey, egress, kube::list_all(cluster, std::move(pages)));
  return made;
}

}  // namespace egress::cli
