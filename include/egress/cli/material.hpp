#pragma once

#include "egress/kube/cluster.hpp"
#include "egress/mesh/design.hpp"

namespace egress::cli {

// What this machine gives to a design.

/// Its public roots, where an Istio has to be given them. Throws Error where there are none.
void add_roots(mesh::Design& design);

/// New keys with their certificates for --self-signed; but a certificate that stands on the cluster is kept
/// while two thirds of its life are not over, and renewed by the same CA after.
void add_certificate(mesh::Design& design, kube::Cluster& cluster);

/// Both, without a cluster.
void add_material(mesh::Design& design);

}  // namespace egress::cli
