#pragma once

#include <functional>
#include <string>
#include <vector>

#include "egress/base/error_list.hpp"
#include "egress/fleet/gateway_lock.hpp"
#include "egress/fleet/reporter.hpp"
#include "egress/kube/cluster.hpp"
#include "egress/mesh/parts.hpp"

namespace egress::fleet {

/// Writes a gateway's objects for the run that has the lock. A write of an existing object is valid only for
/// the version that was read last, so that a slow run which lost the lock does not overwrite what its
/// successor wrote. For that reason a successor gives every object a new version, even if it changes nothing:
/// it adds a mark and removes it again. Objects that are being deleted are waited for and created again. An
/// object that did not exist is created, and never merged into one that others create meanwhile.
class ObjectWriter {
 public:
  struct WriteOptions {
    bool force = false;      ///< take back fields that others manage
    bool successor = false;  ///< another run may still be writing the same objects
    Deadline deadline;       ///< for an object to be gone that somebody is deleting
  };

  /// GatewayLock and reporter must outlive the writer.
  ObjectWriter(kube::Cluster& cluster, GatewayLock& hold, WriteOptions options, const Reporter& reporter)
      : cluster_(cluster), lock_(hold), options_(options), reporter_(reporter) {}

  /// Writes the objects together by server-side apply, and stores the server's answer in each. Throws Error
  /// with every object that the server rejected or that has another owner now, and LockLost if the lock was
  /// lost.
  void write(std::vector<mesh::Object*> wave);

  /// What it wrote, or may have written.
  const std::vector<mesh::Reference>& possibly_written() const { return possibly_written_; }
  /// It is taken back by now.
  void forget(const mesh::Reference& one) { std::erase(possibly_written_, one); }

 private:
  void clear_remains(std::vector<mesh::Object*> some);
  std::vector<mesh::Object*> find_remains(std::vector<mesh::Object*> stale, ErrorList& faults);
  void write_until_taken(std::vector<mesh::Object*> wave, bool mark);
  std::vector<mesh::Object*> write_once(const std::vector<mesh::Object*>& wave, bool mark, ErrorList& faults);
  void see_again(std::vector<mesh::Object*>& wave, ErrorList& faults);
  void look(std::vector<mesh::Object*>& wave, ErrorList& faults,
            const std::function<void(mesh::Object&, const Json& now)>& take);

  kube::Cluster& cluster_;
  GatewayLock& lock_;
  WriteOptions options_;
  const Reporter& reporter_;
  std::vector<mesh::Reference> possibly_written_;
};

}  // namespace egress::fleet
