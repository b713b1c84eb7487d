#pragma once

#include <string>

#include "egress/fleet/reporter.hpp"
#include "egress/kube/cluster.hpp"
#include "egress/kube/watch.hpp"
#include "egress/mesh/parts.hpp"

namespace egress::fleet {

/// The progress of a Deployment towards a ready pod, as known from its events.
class RolloutStatus {
 public:
  /// Of a Deployment as it was written or found. Both must outlive it.
  RolloutStatus(const mesh::Object& deployment, const Reporter& reporter);

  bool ready() const { return fault_.empty() && !gone_; }
  /// True where nothing more is to be waited for.
  bool over() const { return fault_.empty() || gone_; }

  /// Adds the current Deployment. A version from before the write is ignored.
  void see(const Json& deployment);
  /// It is there no more.
  void go() { gone_ = true; }
  /// Takes what a watch of it tells.
  void take(const kube::Change& change);
  /// Takes what was found when one looked, null where nothing was: unless a watch has told of it meanwhile,
  /// which goes on from there, while the look may be older.
  void look_at(const Json& found);
  /// True where that is the very Deployment.
  bool is_of(const Json& deployment) const;

  /// Tells what is waited for.
  void report(const std::string& what) const { reporter_.on_wait(what); }
  /// What is not ready, and why where a pod tells.
  std::string fault(kube::Cluster& cluster) const;

 private:
  const Json& written_;  ///< its metadata; null where nobody knows
  const Reporter& reporter_;
  bool gone_ = false;
  bool told_ = false;  ///< a watch has
  Json last_;
  std::string fault_ = "its Deployment does not exist yet";
};

}  // namespace egress::fleet
