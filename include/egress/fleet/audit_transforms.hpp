#pragma once

#include "egress/base/json.hpp"

namespace egress::fleet {

// What an audit (mesh/audit.hpp) reads of an object of each kind; all else of it is dropped. Of a fleet's own
// objects there are thousands.

/// What tells it from others, and its labels: of a namespace, or of what only has to be there.
void trim_to_metadata(Json& object);

void trim_virtual_service(Json& object);
void trim_destination_rule(Json& object);
void trim_service_entry(Json& object);
void trim_gateway(Json& object);
void trim_sidecar(Json& object);
void trim_authorization_policy(Json& object);
void trim_envoy_filter(Json& object);
void trim_network_policy(Json& object);
void trim_disruption_budget(Json& object);
/// Of policy/v1beta1, which takes an empty selector for no pod (k8s.io/api, policy/v1/types.go): it has none
/// then.
void trim_beta_disruption_budget(Json& object);
void trim_deployment(Json& object);
void trim_pod(Json& object);

}  // namespace egress::fleet
