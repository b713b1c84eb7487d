#pragma once

#include "egress/kube/served_resources.hpp"
#include "egress/mesh/version.hpp"

namespace egress::mesh {

/// What a cluster with that Istio serves, where it cannot be asked: Istio's kinds in v1 since 1.22
/// (manifests/charts/base/crds, 1.22.0), before in v1beta1; the newest of Kubernetes' where the Istio runs on
/// no cluster without them (1.17: Kubernetes 1.23 and newer), before that the ones they replaced.
kube::ServedResources assumed_served_resources(Version version);

}  // namespace egress::mesh
