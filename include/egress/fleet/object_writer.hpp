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

/// Writes a gateway's objects for a run that holds it. Each write of an object that stands is good only for
/// the object as it was last seen, so that a run which was slow, and lost its hold meanwhile, does not write
/// over what its successor wrote. A successor therefore gives every object a new version, even where it has
/// nothing to change: it puts a mark on it, and takes it off again. What is being deleted is waited for, and
/// made anew. What did not stand is made and never merged into what somebody else makes meanwhile.
class ObjectWriter {
 public:
  struct WriteOptions {
    bool force = false;      ///< take back fields that others manage
    bool successor = false;  ///< somebody else's run may be at the same objects still
    Deadline deadline;       ///< for an object to be gone that somebody is deleting
  };

  /// GatewayLock and reporter must outlive the writer.
  ObjectWriter(kube::Cluster& cluster, GatewayLock& hold, WriteOptions options, const Reporter& reporter)
      : cluster_(cluster), hold_(hold), options_(options), reporter_(reporter) {}

  /// Writes them together, by server-side apply, and notes in each what the server answered. Throws Error
  /// naming every object that the server refused, or that is somebody else's by now, and LockLost where the
  /// hold was.
  void write(std::vector<mesh::Object*> wave);

  /// What it wrote, or may have written.
  const std::vector<mesh::Reference>& may_stand() const { return may_stand_; }
  /// It is taken back by now.
  void forget(const mesh::Reference& one) { std::erase(may_stand_, one); }

 private:
  void clear_remains(std::vector<mesh::Object*> some);
  std::vector<mesh::Object*> find_remains(std::vector<mesh::Object*> stale, ErrorList& faults);
  void write_until_taken(std::vector<mesh::Object*> wave, bool mark);
  std::vector<mesh::Object*> write_once(const std::vector<mesh::Object*>& wave, bool mark, ErrorList& faults);
  void see_again(std::vector<mesh::Object*>& wave, ErrorList& faults);
  void look(std::vector<mesh::Object*>& wave, ErrorList& faults,
            const std::function<void(mesh::Object&, const Json& now)>& take);

  kube::Cluster& cluster_;
  GatewayLock& hold_;
  WriteOptions options_;
  const Reporter& reporter_;
  std::vector<mesh::Reference> may_stand_;
};

}  // namespace egress::fleet
