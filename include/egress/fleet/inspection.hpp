#pragma once

#include <optional>
#include <string>
#include <vector>

#include "egress/kube/cluster.hpp"
#include "egress/mesh/status.hpp"

namespace egress::fleet {

/// A warning that Kubernetes' controllers left of an object (k8s.io/api, core/v1: Event).
struct Event {
  std::string object;  ///< "pod/httpbin-egress-7d9f"
  std::string reason;  ///< "FailedScheduling"
  std::string message;
  std::string last_timestamp;  ///< RFC 3339: when it happened last
  int count = 1;
};

/// One gateway, looked at closely.
struct Inspection {
  mesh::Summary summary;
  std::vector<mesh::ObjectState> pods;     ///< "Ready", or what they are doing instead
  std::vector<mesh::ObjectState> secrets;  ///< those that it names and does not make
  std::vector<std::string> faults;         ///< sentences: which object has a problem, and why
  std::vector<Event> warnings;             ///< of its objects, the newest first
};

/// Looks at one gateway, its pods, the Secrets that it names and the warnings of the last hour, as far as
/// this user may see them; nothing where there is no such gateway.
std::optional<Inspection> inspect(kube::Cluster& cluster, const std::string& name, const std::string& ns);

}  // namespace egress::fleet
