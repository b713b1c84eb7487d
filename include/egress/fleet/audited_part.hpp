#pragma once

#include "egress/base/json.hpp"

namespace egress::fleet {

// What an audit (mesh/audit.hpp) reads of an object of each kind; all else of it is dropped. Of a fleet's own
// objects there are thousands.

/// What tells it from others, and its labels: of a namespace, or of what only has to be there.
void leave_name_and_labels(Json& object);

void leave_virtual_service(Json& object);
void leave_destination_rule(Json& object);
void leave_service_entry(Json& object);
void leave_gateway(Json& object);
void leave_sidecar(Json& object);
void leave_authorization_policy(Json& object);
void leave_envoy_filter(Json& object);
void leave_network_policy(Json& object);
void leave_disruption_budget(Json& object);
/// Of policy/v1beta1, which takes an empty selector for no pod (k8s.io/api, policy/v1/types.go): it has none
/// then.
void leave_beta_disruption_budget(Json& object);
void leave_deployment(Json& object);
void leave_pod(Json& object);

}  // namespace egress::fleet
