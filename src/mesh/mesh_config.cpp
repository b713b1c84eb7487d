#include "egress/mesh/mesh_config.hpp"

#include <utility>

namespace egress::mesh {
namespace {

/// Sets the members of `overrides` in `base`, and merges those of the member `nested_key`.
Json merge(Json base, const Json& overrides, const std::string& nested_key) {
  for (const auto& [key, value] : overrides.members()) {
    if (key == nested_key && value.is_object())
      base.set(key, merge(base[key], value, "proxyMetadata"));
    else
      base.set(key, value);
  }
  return base;
}

void set_if_present(std::vector<std::string>& into, const Json& namespaces) {
  if (namespaces.items().empty()) return;
  into.clear();
  for (const Json& ns : namespaces.items()) into.push_back(ns.as_string());
}

void set_if_present(std::string& into, const Json& value) {
  if (!value.as_string().empty()) into = value.as_string();
}

}  // namespace

Json merge_mesh_configs(Json base, const Json& overrides) {
  return merge(std::move(base), overrides, "defaultConfig");
}

void apply_mesh_config(Mesh& mesh, const Json& config) {
  mesh.root_namespace = mesh.istio_namespace;
  set_if_present(mesh.root_namespace, config["rootNamespace"]);
  set_if_present(mesh.trust_domain, config["trustDomain"]);
  set_if_present(mesh.outbound_policy, config["outboundTrafficPolicy"]["mode"]);
  mesh.auto_mtls = config["enableAutoMtls"].as_bool(true);
  mesh.prometheus_merge = config["enablePrometheusMerge"].as_bool(true);
  set_if_present(mesh.service_export_to, config["defaultServiceExportTo"]);
  set_if_present(mesh.virtual_service_export_to, config["defaultVirtualServiceExportTo"]);
  set_if_present(mesh.destination_rule_export_to, config["defaultDestinationRuleExportTo"]);
  if (!config["discoverySelectors"].items().empty()) mesh.discovery_selectors = config["discoverySelectors"];
  mesh.proxy_config = config["defaultConfig"];
}

}  // namespace egress::mesh
