#pragma once

#include <string>

#include "egress/mesh/egress.hpp"

namespace egress::mesh {

/// The one port by which callers reach a gateway: the Service's number, which is the Gateway server's too
/// (pilot/pkg/networking/core/v1alpha3/gateway.go, 1.7.0: a server's number is a Service's port), and the one
/// that Envoy binds, never below 1024.
struct CallersPort {
  std::string name;  ///< by which Istio knows the protocol of the hop
  int number;
  int target;
};

CallersPort callers_port(const Egress& egress);

/// Where Envoy listens for the pod's own probe, on loopback alone: a request there takes the gateway's whole
/// way out without a caller's certificate.
inline constexpr int probe_port = 8081;

/// Where callers may see the gateway, as Istio's exportTo: what is asked for, and always its own namespace
/// and the ingress gateway's.
Json callers_export_to(const Egress& egress);

/// Every name by which a caller may ask for the host: itself, and for the first one the aliases and the
/// exposed hosts.
std::vector<std::string> caller_hosts(const Egress& egress, const std::string& host);

}  // namespace egress::mesh
