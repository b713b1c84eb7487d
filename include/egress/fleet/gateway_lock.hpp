#pragma once

#include <optional>

#include "egress/base/error.hpp"
#include "egress/kube/cluster.hpp"
#include "egress/mesh/record.hpp"

namespace egress::fleet {

/// Another run has the lock of the gateway.
class LockLost : public Error {
 public:
  explicit LockLost(const mesh::Egress& egress, std::optional<mesh::Record> now);

  /// The gateway's current record; empty if it does not exist.
  const std::optional<mesh::Record>& now() const { return now_; }
  /// True where the gateway is gone, or on its way.
  bool removed() const { return !now_ || now_->operation == mesh::Operation::remove; }

 private:
  std::optional<mesh::Record> now_;
};

/// The lock of one run on a gateway: the gateway's record contains the run's ID. The run that writes the
/// record next takes the lock, so only one run has it at a time. All writes of the record go through this
/// class: each is valid only for the version that was read last, and if an answer is lost or does not say
/// whether the write was done, the record is read again.
class GatewayLock {
 public:
  /// Of the record as it was read, or as it is to be; it must outlive the hold.
  GatewayLock(kube::Cluster& cluster, mesh::Record& record) : cluster_(cluster), record_(record) {}

  /// Writes the record under a new run's name: by plain create where none `exists`. Throws LockLost where
  /// somebody was faster, and ApiError where the server refuses it.
  void acquire(bool exists);

  /// Throws LockLost where it is not this run's any more.
  void confirm();

  /// Throws LockLost where it is not even that other one's any more to whom it was lost.
  void confirm_lost(const LockLost& lost);

  /// Makes the record say what `next` says, under this run's name. Throws as take() does.
  void rewrite(mesh::Record next);

 private:
  void write(mesh::Record next, bool exists, const std::string& before);
  bool try_write(mesh::Record& next, bool exists, bool last);
  void keep(mesh::Record next, const mesh::Record& now);
  std::optional<mesh::Record> look();

  kube::Cluster& cluster_;
  mesh::Record& record_;
};

}  // namespace egress::fleet
