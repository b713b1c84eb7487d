#pragma once

#include <string>

#include "egress/mesh/egress.hpp"

namespace egress::mesh {

/// The port through which callers reach a gateway. The Gateway's server has the number of the Service's port
/// (pilot/pkg/networking/core/v1alpha3/gateway.go, 1.7.0: a server's number is a Service's port).
struct CallersPort {
  std::string name;  ///< tells Istio the protocol of the hop
  int number;        ///< of the Service and the Gateway's server
  int target;        ///< the port that Envoy binds, at least 1024
};

CallersPort callers_port(const Egress& egress);

/// The port on which Envoy listens for the pod's own probe, on loopback only. A request to it takes the
/// gateway's whole path to the external service, and needs no certificate of a caller.
inline constexpr int probe_port = 8081;

/// The namespaces that see the gateway, as Istio's exportTo: the requested ones, and always its own and the
/// ingress gateway's.
Json callers_export_to(const Egress& egress);

/// Every name under which callers reach the host: the host, and for the first host also the aliases and the
/// exposed hosts.
std::vector<std::string> caller_hosts(const Egress& egress, const std::string& host);

}  // namespace egress::mesh
