#include "egress/fleet/kept_replicas.hpp"

#include "egress/kube/managed_fields.hpp"

namespace egress::fleet {

void keep_replicas(mesh::Object& object, const Json& now) {
  if (object.json["spec"].has("replicas") && !object.replicas_kept) return;
  const Json part = kube::applied_part(now, kube::field_manager);
  const bool owned = part["spec"].has("replicas");
  if (owned || object.replicas_kept) object.json.edit("spec").set("replicas", part["spec"]["replicas"]);
  object.replicas_kept = owned;
}

}  // namespace egress::fleet
