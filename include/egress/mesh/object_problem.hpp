#pragma once

#include <string>

#include "egress/base/json.hpp"

namespace egress::mesh {

/// True where a pod takes traffic: its condition Ready.
bool is_pod_ready(const Json& pod);

/// Why a pod is not ready, in Kubernetes' own words: a container that waits or ended, or a condition that
/// does not hold ("ImagePullBackOff Back-off pulling image …"). Empty where it is ready.
std::string pod_problem(const Json& pod);

/// Why an autoscaler does not see to the number of pods: its conditions AbleToScale and ScalingActive
/// (k8s.io/api, autoscaling/v2). Empty where it does.
std::string autoscaler_problem(const Json& autoscaler);

}  // namespace egress::mesh
