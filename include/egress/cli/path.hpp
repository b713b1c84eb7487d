#pragma once

#include <string>
#include <vector>

#include "egress/mesh/status.hpp"
#include "egress/render/graph.hpp"

namespace egress::cli {

/// The way of a request, hop by hop, and what encrypts each: what the gateway's objects say, not what was
/// measured.
std::string traffic_path(const mesh::Summary& summary);

/// The same, to be drawn by Graphviz or Mermaid.
render::Graph traffic_graph(const mesh::Summary& summary);

/// What callers ask for: "http://httpbin.org/".
std::vector<std::string> caller_requests(const mesh::Egress& egress);

/// Whom the gateway lets in, a phrase for each step that decides; empty where everyone.
std::vector<std::string> admission(const mesh::Egress& egress);

/// "service/httpbin-egress.httpbin:80".
std::string gateway_address(const mesh::Egress& egress);

/// What makes the TLS that the external service sees, and how it is verified, in a phrase.
std::string upstream_tls(const mesh::Egress& egress, const std::string& host);

/// What encrypts the hop from a caller to the gateway, in a phrase.
std::string mesh_tls(const mesh::Egress& egress);

/// "1 of 2 ready".
std::string ready_pods(const mesh::Summary& summary);

}  // namespace egress::cli
