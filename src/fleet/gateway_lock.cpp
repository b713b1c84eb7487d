#include "egress/fleet/gateway_lock.hpp"

#include <random>

#include "egress/base/interruption.hpp"
#include "egress/base/text.hpp"
#include "egress/base/version.hpp"
#include "egress/fleet/hints.hpp"
#include "egress/mesh/full_name.hpp"
#include "egress/mesh/names.hpp"

namespace egress::fleet {
namespace {

constexpr int conflict = 409;
constexpr int server_fault = 500;
constexpr int attempts = 3;

/// No two runs have the same.
std::string new_run() {
  std::random_device random;
  std::string name;
  for (int i = 0; i < 16; ++i) name += "0123456789abcdef"[random() % 16];
  return name;
}

std::string who_has_it(const std::optional<mesh::Record>& now) {
  if (!now) return "was deleted by another command at the same time";
  if (now->operation == mesh::Operation::remove) return "is being deleted by another command";
  return now->operation == mesh::Operation::none
             ? "was created or changed by another command at the same time"
             : "is being created or changed by another command";
}

/// A deletion leaves what the record says as it is: a later version of this tool may know more of it.
kube::Call writing(const mesh::Record& next, bool exists) {
  const std::string tool(program_version);
  const std::string& ns = next.egress.ns;
  if (!exists) return kube::create(mesh::record_resource, ns, mesh::record_manifest(next, tool));
  const bool removal = next.operation == mesh::Operation::remove;
  return kube::merge(mesh::record_resource, ns, mesh::object_name(next.egress.name),
                     removal ? mesh::operation_patch(next) : mesh::replacement_patch(next, tool));
}

/// What the answer does not tell: whether the write was done.
bool says_nothing(const kube::Answer& answer) {
  return answer.status == conflict || answer.not_found() || answer.status >= server_fault;
}

}  // namespace

LockLost::LockLost(const mesh::Egress& egress, std::optional<mesh::Record> now)
    : Error(mesh::full_name(egress) + " " + who_has_it(now), "show its state: " + inspect_command(egress),
            reason::lock_lost),
      now_(std::move(now)) {}

void GatewayLock::acquire(bool exists) {
  const std::string before = std::exchange(record_.holder, new_run());
  write(record_, exists, before);
}

void GatewayLock::confirm() {
  auto now = look();
  // Of a record whose creation nobody answered the name of the run is all that is known.
  const bool same = now && (record_.uid.empty() || now->uid == record_.uid);
  if (!same || now->holder != record_.holder) throw LockLost(record_.egress, std::move(now));
  record_.uid = now->uid;
  record_.resource_version = now->resource_version;
}

void GatewayLock::confirm_lost(const LockLost& lost) {
  auto now = look();
  const bool same = now && lost.now() ? now->holder == lost.now()->holder && now->uid == lost.now()->uid
                                      : now.has_value() == lost.now().has_value();
  if (!same) throw LockLost(record_.egress, std::move(now));
}

void GatewayLock::rewrite(mesh::Record next) {
  next.holder = record_.holder;
  next.uid = record_.uid;
  next.resource_version = record_.resource_version;
  next.requested_labels = record_.requested_labels;
  write(std::move(next), true, record_.holder);
}

/// `before` is the run whose record it is as long as this write is not done.
void GatewayLock::write(mesh::Record next, bool exists, const std::string& before) {
  for (int attempt = 1; !try_write(next, exists, attempt == attempts); ++attempt) {
    auto now = look();
    if (now && now->holder == next.holder && now->operation == next.operation)
      return keep(std::move(next), *now);
    // Nobody's yet, as it was to be.
    if (!now && !exists) continue;
    // Somebody may have put a label on it: whose it is has not changed by that.
    if (!now || !exists || now->holder != before || now->uid != next.uid)
      throw LockLost(record_.egress, std::move(now));
    next.resource_version = now->resource_version;
  }
}

/// False where the answer does not tell whether it was done.
bool GatewayLock::try_write(mesh::Record& next, bool exists, bool last) {
  try {
    const auto answer = cluster_.send(writing(next, exists));
    if (!last && says_nothing(answer)) return false;
    keep(std::move(next), mesh::read_record(answer.value()));
    return true;
  } catch (const kube::ConnectionError&) {
    if (last) throw;
    return false;
  }
}

void GatewayLock::keep(mesh::Record next, const mesh::Record& now) {
  next.uid = now.uid;
  next.resource_version = now.resource_version;
  next.requested_labels = now.requested_labels;
  record_ = std::move(next);
}

/// An interruption does not keep from looking: what was asked for before may have been done.
std::optional<mesh::Record> GatewayLock::look() {
  const auto call =
      kube::get(mesh::record_resource, record_.egress.ns, mesh::object_name(record_.egress.name));
  kube::Answer answer;
  try {
    answer = cluster_.send(call);
  } catch (const InterruptedError&) {
    answer = cluster_.send(call);
  }
  if (answer.not_found()) return std::nullopt;
  return mesh::read_record(answer.value());
}

}  // namespace egress::fleet
