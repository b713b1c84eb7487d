#pragma once

#include <string>

#include "egress/mesh/status.hpp"

namespace egress::cli {

/// The way of a request, hop by hop, and what encrypts each: what the gateway's objects say, not what was
/// measured.
std::string traffic_path(const mesh::Summary& summary);

/// What makes the TLS that the external service sees, and how it is verified, in a phrase.
std::string upstream_tls(const mesh::Egress& egress, const std::string& host);

/// What encrypts the hop from a caller to the gateway, in a phrase.
std::string mesh_tls(const mesh::Egress& egress);

/// "1 of 2 ready".
std::string ready_pods(const mesh::Summary& summary);

}  // namespace egress::cli
