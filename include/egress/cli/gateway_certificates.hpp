#pragma once

#include "egress/kube/cluster.hpp"
#include "egress/mesh/design.hpp"

namespace egress::cli {

// The certificates that this machine adds to a design.

/// Adds the system roots if the Istio version needs them in a Secret. Throws Error if this machine has none.
void add_root_certificates(mesh::Design& design);

/// Adds the key and certificate for --self-signed. A certificate in the cluster is kept for two thirds of its
/// lifetime, and then renewed with the same CA.
void add_self_signed_certificate(mesh::Design& design, kube::Cluster& cluster);

/// Adds system roots and a new self-signed certificate, without a cluster.
void add_generated_certificates(mesh::Design& design);

}  // namespace egress::cli
