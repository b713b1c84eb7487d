#pragma once

#include <optional>

#include "egress/base/error.hpp"
#include "egress/kube/cluster.hpp"
#include "egress/mesh/record.hpp"

namespace egress::fleet {

/// Somebody else decides over a gateway by now.
class LockLost : public Error {
 public:
  explicit LockLost(const mesh::Egress& egress, std::optional<mesh::Record> now);

  /// The gateway's record as it stands; nothing where there is none.
  const std::optional<mesh::Record>& now() const { return now_; }
  /// True where the gateway is gone, or on its way.
  bool removed() const { return !now_ || now_->operation == mesh::Operation::remove; }

 private:
  std::optional<mesh::Record> now_;
};

/// The hold that one run of the tool has on a gateway: the gateway's record bears the run's name. Whoever
/// writes the record next has taken the hold away, so only one at a time has it. All writes of the record go
/// through here: each is good only for the record as it was last seen, and where an answer does not come, or
/// does not say whether a write was done, the record itself says it.
class GatewayLock {
 public:
  /// Of the record as it was read, or as it is to be; it must outlive the hold.
  GatewayLock(kube::Cluster& cluster, mesh::Record& record) : cluster_(cluster), record_(record) {}

  /// Writes the record under a new run's name: by plain create where none `stands`. Throws LockLost where
  /// somebody was faster, and ApiError where the server refuses it.
  void take(bool stands);

  /// Throws LockLost where it is not this run's any more.
  void confirm();

  /// Throws LockLost where it is not even that other one's any more to whom it was lost.
  void confirm_lost(const LockLost& lost);

  /// Makes the record say what `next` says, under this run's name. Throws as take() does.
  void rewrite(mesh::Record next);

 private:
  void write(mesh::Record next, bool stands, const std::string& before);
  bool try_write(mesh::Record& next, bool stands, bool last);
  void keep(mesh::Record next, const mesh::Record& now);
  std::optional<mesh::Record> look();

  kube::Cluster& cluster_;
  mesh::Record& record_;
};

}  // namespace egress::fleet
