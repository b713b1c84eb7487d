#include "egress/cli/gateway_deletion.hpp"

#include <ostream>

#include "egress/base/error.hpp"
#include "egress/base/interruption.hpp"
#include "egress/base/tasks.hpp"
#include "egress/cli/batch_run.hpp"
#include "egress/cli/gateway_progress.hpp"
#include "egress/fleet/hints.hpp"
#include "egress/mesh/full_name.hpp"

namespace egress::cli {
namespace {

/// The maximum number of gateways deleted at the same time. Deletions mostly wait while callers drain.
constexpr std::size_t max_concurrent = 64;

std::string dry_run_suffix(const std::string& dry_run) {
  if (dry_run == "client") return " (dry run)";
  return dry_run == "server" ? " (server dry run)" : "";
}

fleet::Outcome run_deletion(Session& session, const GatewayDeletion& deletion, const mesh::Record& record,
                            const fleet::MemberMetadataList& metadata, const fleet::Reporter& reporter) {
  if (deletion.dry_run != "client")
    return fleet::delete_with_outcome(session.cluster(deletion.command), record, deletion.options, reporter,
                                      metadata);
  auto members = mesh::deletion_order(record);
  if (record.uid.empty()) members.pop_back();  // the record is already deleted
  for (const mesh::Reference& reference : members) reporter.on_write(reference, deletion.verb);
  return {.result = fleet::Outcome::Result::succeeded, .deleted = std::move(members)};
}

/// " from NS namespace", as kubectl adds; empty for the current namespace.
std::string namespace_suffix(Session& session, const mesh::Egress& egress) {
  return egress.ns == session.ns() ? "" : " from " + egress.ns + " namespace";
}

/// Deletes one gateway and prints the result.
void delete_and_report(Session& session, const GatewayDeletion& deletion, const mesh::Record& record,
                       const fleet::MemberMetadataList& metadata, std::size_t gateways) {
  const std::string suffix = dry_run_suffix(deletion.dry_run);
  GatewayProgress progress(session, record.egress, gateways, deletion.output.empty() && gateways == 1,
                           suffix);
  const fleet::Outcome outcome = run_deletion(session, deletion, record, metadata, progress.reporter());
  progress.finish();
  if (deletion.prints_outcomes)
    session.results().add_success({record.egress.ns, record.egress.name}, outcome, deletion.dry_run);
  if (!outcome.remaining.empty())
    return session.warn(mesh::full_name(record.egress) +
                        " is being deleted, but some of its objects still exist; run the same command again "
                        "to finish the deletion");
  if (!deletion.output.empty() && deletion.output != "name") return;
  session.out() << "egressgateway/" << record.egress.name;
  if (deletion.output.empty())
    session.out() << ' ' << deletion.verb << namespace_suffix(session, record.egress) << suffix;
  session.out() << '\n';
}

/// Deletes one gateway. The hint of an error explains how to continue.
void try_delete(Session& session, const GatewayDeletion& deletion, const mesh::Record& record,
                const fleet::MemberMetadataList& metadata, std::size_t gateways) {
  try {
    delete_and_report(session, deletion, record, metadata, gateways);
  } catch (const fleet::OperationFailed& failure) {
    if (failure.reason() == reason::lock_lost) throw;
    const Error error(mesh::full_name(record.egress) + " could not be deleted completely: " + failure.what(),
                      "run the same command again to continue; to list the remaining objects: " +
                          fleet::inspect_command(record.egress),
                      failure.reason(), failure.causes());
    throw fleet::OperationFailed(error, failure.outcome());
  }
}

}  // namespace

bool delete_gateways(Session& session, const GatewayDeletion& deletion,
                     const std::vector<mesh::Record>& records,
                     const std::vector<fleet::MemberMetadataList>& metadata) {
  install_signal_handlers();
  BatchRun batch(session, records.size(), false);
  run_tasks(records.size(), max_concurrent, [&](std::size_t i) {
    batch.run(records[i].egress, [&] {
      try_delete(session, deletion, records[i],
                 i < metadata.size() ? metadata[i] : fleet::MemberMetadataList(), records.size());
    });
  });
  return batch.finish("run the same command again to continue");
}

}  // namespace egress::cli
