#pragma once

#include <string>

#include "egress/base/json.hpp"

namespace egress::mesh {

/// True if the pod's condition Ready is True.
bool is_pod_ready(const Json& pod);

/// Why a pod is not ready, in Kubernetes' words: the state of a container, or a condition that is False
/// ("ImagePullBackOff Back-off pulling image …"). Empty if the pod is ready.
std::string pod_problem(const Json& pod);

/// Why an autoscaler does not scale, from its conditions AbleToScale and ScalingActive (k8s.io/api,
/// autoscaling/v2). Empty if it does.
std::string autoscaler_problem(const Json& autoscaler);

}  // namespace egress::mesh
