#pragma once

#include "egress/kube/cluster.hpp"
#include "egress/mesh/design.hpp"

namespace egress::cli {

/// Puts into a design what this machine gives to it: its public roots, where an Istio has to be given them,
/// and new keys with their certificates for --self-signed. Throws Error where there are no roots.
void add_material(mesh::Design& design);

/// The same, but a certificate that stands on the cluster is kept while two thirds of its life are not over,
/// and renewed by the same CA after.
void add_material(mesh::Design& design, kube::Cluster& cluster);

}  // namespace egress::cli
