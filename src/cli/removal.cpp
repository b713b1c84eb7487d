#include "egress/cli/removal.hpp"

#include <ostream>

#include "egress/base/error.hpp"
#include "egress/base/interruption.hpp"
#include "egress/base/lanes.hpp"
#include "egress/cli/progress.hpp"
#include "egress/cli/tally.hpp"
#include "egress/fleet/hints.hpp"

namespace egress::cli {
namespace {

/// Gateways under way at one time: mostly they wait for callers to go elsewhere.
constexpr std::size_t lanes = 64;

std::string suffix(const std::string& dry_run) {
  if (dry_run == "client") return " (dry run)";
  return dry_run == "server" ? " (server dry run)" : "";
}

fleet::Outcome remove(Session& session, const Removal& removal, const mesh::Record& record,
                      const fleet::Sightings& seen, const fleet::Reporter& reporter) {
  if (removal.dry_run != "client")
    return fleet::remove_with_outcome(session.cluster(removal.command), record, removal.removing, reporter,
                                      seen);
  auto all = mesh::in_order_of_removal(record);
  if (record.uid.empty()) all.pop_back();  // the record itself is gone already
  for (const mesh::Reference& one : all) reporter.wrote(one, removal.verb);
  return {.result = fleet::Outcome::Result::succeeded, .deleted = std::move(all)};
}

/// Where it goes from, where that is not clear from the command.
std::string from(Session& session, const mesh::Egress& egress) {
  return egress.ns == session.ns() ? "" : " from " + egress.ns + " namespace";
}

/// Deletes one, and says how that went.
void remove_one(Session& session, const Removal& removal, const mesh::Record& record,
                const fleet::Sightings& seen, std::size_t gateways) {
  const std::string after = suffix(removal.dry_run);
  Progress progress(session, record.egress, gateways, removal.output.empty() && gateways == 1, after);
  const fleet::Outcome outcome = remove(session, removal, record, seen, progress.reporter());
  progress.done();
  if (removal.prints_outcomes)
    session.results().succeed({record.egress.ns, record.egress.name}, outcome, removal.dry_run);
  if (!outcome.remaining.empty())
    return session.warn(fleet::described(record.egress) +
                        " is going, but not all of it is gone yet: the same delete finishes it");
  if (!removal.output.empty() && removal.output != "name") return;
  session.out() << "egressgateway/" << record.egress.name;
  if (removal.output.empty()) session.out() << ' ' << removal.verb << from(session, record.egress) << after;
  session.out() << '\n';
}

/// With what to do about it.
void try_remove(Session& session, const Removal& removal, const mesh::Record& record,
                const fleet::Sightings& seen, std::size_t gateways) {
  try {
    remove_one(session, removal, record, seen, gateways);
  } catch (const fleet::OperationFailed& failure) {
    if (failure.reason() == reason::lock_lost) throw;
    const Error error(
        fleet::described(record.egress) + " is not deleted, or not all of it: " + failure.what(),
        fleet::inspect_command(record.egress) + " shows what is left; the same delete goes on from there.",
        failure.reason(), failure.causes());
    throw fleet::OperationFailed(error, failure.outcome());
  }
}

}  // namespace

bool remove_gateways(Session& session, const Removal& removal, const std::vector<mesh::Record>& records,
                     const std::vector<fleet::Sightings>& seen) {
  notice_interruptions();
  Tally tally(session, records.size(), false);
  run_in_lanes(records.size(), lanes, [&](std::size_t i) {
    tally.attempt(records[i].egress, [&] {
      try_remove(session, removal, records[i], i < seen.size() ? seen[i] : fleet::Sightings(),
                 records.size());
    });
  });
  return tally.finish("the same command goes on with them");
}

}  // namespace egress::cli
