#pragma once

#include "egress/kube/served_resources.hpp"
#include "egress/mesh/version.hpp"

namespace egress::mesh {

/// The API versions that a cluster with this version of Istio is assumed to serve if it is not contacted.
/// Istio's kinds: v1 since 1.22 (manifests/charts/base/crds, 1.22.0), v1beta1 before. Kubernetes' kinds: the
/// newest since Istio 1.17, which requires Kubernetes 1.23; before that the ones that they replaced.
kube::ServedResources assumed_served_resources(Version version);

}  // namespace egress::mesh
