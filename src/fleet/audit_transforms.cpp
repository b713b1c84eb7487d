#include "egress/fleet/audit_transforms.hpp"

#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "egress/kube/applyset.hpp"
#include "egress/mesh/names.hpp"

namespace egress::fleet {
namespace {

using Keys = std::initializer_list<std::string_view>;

/// Leaves those members of a mapping; what is none stays as it is.
void leave(Json& mapping, Keys keys) {
  if (!mapping.is_object()) return;
  Json::Object left;
  left.reserve(keys.size());
  for (const std::string_view key : keys)
    if (mapping.has(key)) left.emplace_back(key, std::move(mapping.edit(key)));
  mapping = std::move(left);
}

/// Does that to each item of the list of that name, if there is one.
template <typename Leave>
void leave_in_each(Json& mapping, std::string_view key, Leave leave_item) {
  if (!mapping.has(key)) return;
  Json::Array items = std::move(mapping.edit(key)).items();
  std::ranges::for_each(items, leave_item);
  mapping.edit(key) = std::move(items);
}

/// Does that to the member of that name, if there is one.
template <typename Leave>
void leave_in(Json& mapping, std::string_view key, Leave leave_member) {
  if (mapping.has(key)) leave_member(mapping.edit(key));
}

/// Whether there is anything in it is all that matters.
void leave_any(Json& list) {
  if (!list.items().empty()) list = array({Json(Json::Object{})});
}

void leave_identity(Json& object) {
  leave_in(object, "metadata", [](Json& metadata) {
    leave(metadata, {"name", "namespace", "labels", "creationTimestamp", "deletionTimestamp", "generation"});
  });
}

/// Of all labels these alone are read, but for those of namespaces and pods.
void leave_whose(Json& object) {
  leave_identity(object);
  leave_in(object.edit("metadata"), "labels", [](Json& labels) {
    leave(labels,
          {"istio.io/rev", mesh::managed_by_label, mesh::instance_label, kube::applyset::part_of_label});
  });
}

void leave_spec(Json& object, Keys keys) {
  leave(object, {"metadata", "spec"});
  leave_whose(object);
  leave_in(object, "spec", [&](Json& spec) { leave(spec, keys); });
}

void leave_containers(Json& pod_spec) {
  leave(pod_spec, {"containers"});
  leave_in_each(pod_spec, "containers", [](Json& container) {
    leave(container, {"name", "image", "env"});
    leave_in_each(container, "env", [](Json& variable) { leave(variable, {"name", "value"}); });
  });
}

}  // namespace

void trim_to_metadata(Json& object) {
  leave(object, {"metadata"});
  leave_identity(object);
}

void trim_virtual_service(Json& object) {
  leave_spec(object, {"hosts", "gateways", "exportTo"});
}

void trim_destination_rule(Json& object) {
  leave_spec(object, {"host", "trafficPolicy", "workloadSelector"});
  leave_in(object.edit("spec"), "trafficPolicy", [](Json& policy) {
    leave(policy, {"tls", "portLevelSettings"});
  });
}

/// Istio says in its status which addresses it allots (since 1.25).
void trim_service_entry(Json& object) {
  Json allotted{Json::Object{}};
  if (object["status"].has("addresses")) allotted.edit("addresses") = object["status"]["addresses"];
  leave_spec(object, {"hosts", "addresses", "ports", "resolution", "exportTo"});
  if (!allotted.members().empty()) object.set("status", std::move(allotted));
}

void trim_gateway(Json& object) {
  leave_spec(object, {"selector", "servers"});
  leave_in_each(object.edit("spec"), "servers", [](Json& server) { leave(server, {"port", "hosts"}); });
}

void trim_sidecar(Json& object) {
  leave_spec(object, {"workloadSelector", "egress", "outboundTrafficPolicy"});
  leave_in_each(object.edit("spec"), "egress", [](Json& listener) { leave(listener, {"hosts"}); });
}

void trim_authorization_policy(Json& object) {
  leave_spec(object, {"selector", "targetRef", "targetRefs", "action", "rules"});
  leave_in(object.edit("spec"), "rules", leave_any);
}

void trim_envoy_filter(Json& object) {
  leave_spec(object, {"workloadSelector", "targetRefs", "configPatches"});
  leave_in_each(object.edit("spec"), "configPatches", [](Json& patch) {
    leave(patch, {"match"});
    leave_in(patch, "match", [](Json& match) { leave(match, {"context"}); });
  });
}

void trim_network_policy(Json& object) {
  leave_spec(object, {"policyTypes", "egress"});
  leave_in(object.edit("spec"), "egress", leave_any);
}

void trim_disruption_budget(Json& object) {
  leave_spec(object, {"minAvailable", "maxUnavailable", "selector"});
}

void trim_beta_disruption_budget(Json& object) {
  trim_disruption_budget(object);
  Json& spec = object.edit("spec");
  if (spec["selector"].members().empty()) spec.erase("selector");
}

void trim_deployment(Json& object) {
  leave(object, {"metadata", "spec", "status"});
  leave_whose(object);
  Json& spec = object.edit("spec");
  leave(spec, {"replicas", "template"});
  leave_in(spec, "template", [](Json& pod) {
    leave(pod, {"spec"});
    leave_in(pod, "spec", leave_containers);
  });
}

void trim_pod(Json& object) {
  leave(object, {"metadata", "spec"});
  leave_identity(object);
  leave_in(object, "spec", leave_containers);
}

}  // namespace egress::fleet
