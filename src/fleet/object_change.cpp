#include "egress/fleet/object_change.hpp"

#include "egress/kube/managed_fields.hpp"

namespace egress::fleet {

bool would_change(const mesh::Object& object) {
  Json live = object.live;
  Json planned = object.dry_run;
  if (live["metadata"].has("deletionTimestamp")) return true;
  if (!kube::matches_applied_digest(live["metadata"], kube::field_manager,
                                    kube::applied_digest(planned["metadata"], kube::field_manager)))
    return true;
  for (Json* json : {&live, &planned}) {
    for (const char* key : {"managedFields", "resourceVersion", "generation"})
      json->edit("metadata").erase(key);
    json->erase("status");
    if (object.keeps_live_replicas) json->edit("spec").erase("replicas");
  }
  return live.sorted() != planned.sorted();
}

}  // namespace egress::fleet
