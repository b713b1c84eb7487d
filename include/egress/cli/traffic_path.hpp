#pragma once

#include <string>
#include <vector>

#include "egress/mesh/status.hpp"
#include "egress/render/graph.hpp"

namespace egress::cli {

/// The path of a request hop by hop, with the encryption of each hop, according to the gateway's
/// configuration.
std::string traffic_path(const mesh::Summary& summary);

/// The same as a graph for Graphviz or Mermaid.
render::Graph traffic_graph(const mesh::Summary& summary);

/// The URLs that callers use: "http://httpbin.org/".
std::vector<std::string> caller_urls(const mesh::Egress& egress);

/// The access restrictions of the gateway, one phrase per check; empty if any workload is allowed.
std::vector<std::string> access_restrictions(const mesh::Egress& egress);

/// "service/httpbin-egress.httpbin:80".
std::string gateway_address(const mesh::Egress& egress);

/// A phrase for the origin and the verification of the TLS to an external host.
std::string upstream_tls(const mesh::Egress& egress, const std::string& host);

/// A phrase for the encryption between callers and the gateway.
std::string mesh_tls(const mesh::Egress& egress);

/// "1 of 2 ready".
std::string ready_pods_text(const mesh::Summary& summary);

}  // namespace egress::cli
