#include "egress/fleet/live_replicas.hpp"

#include "egress/kube/managed_fields.hpp"

namespace egress::fleet {

void keep_live_replicas(mesh::Object& object, const Json& now) {
  if (object.json["spec"].has("replicas") && !object.keeps_live_replicas) return;
  const Json part = kube::applied_configuration(now, kube::field_manager);
  const bool owned = part["spec"].has("replicas");
  if (owned || object.keeps_live_replicas) object.json.edit("spec").set("replicas", part["spec"]["replicas"]);
  object.keeps_live_replicas = owned;
}

}  // namespace egress::fleet
