#include "egress/mesh/mesh_config.hpp"

#include <utility>

namespace egress::mesh {
namespace {

/// Puts the members of `above` into `below`, those of the named one among themselves.
Json merged(Json below, const Json& above, const std::string& deeper) {
  for (const auto& [key, value] : above.members()) {
    if (key == deeper && value.is_object())
      below.set(key, merged(below[key], value, "proxyMetadata"));
    else
      below.set(key, value);
  }
  return below;
}

void adopt(std::vector<std::string>& into, const Json& namespaces) {
  if (namespaces.items().empty()) return;
  into.clear();
  for (const Json& one : namespaces.items()) into.push_back(one.as_string());
}

void adopt(std::string& into, const Json& value) {
  if (!value.as_string().empty()) into = value.as_string();
}

}  // namespace

Json merged_mesh_config(Json below, const Json& above) {
  return merged(std::move(below), above, "defaultConfig");
}

void adopt_mesh_config(Mesh& mesh, const Json& config) {
  mesh.root_namespace = mesh.istio_namespace;
  adopt(mesh.root_namespace, config["rootNamespace"]);
  adopt(mesh.trust_domain, config["trustDomain"]);
  adopt(mesh.outbound_policy, config["outboundTrafficPolicy"]["mode"]);
  mesh.auto_mtls = config["enableAutoMtls"].as_bool(true);
  mesh.prometheus_merge = config["enablePrometheusMerge"].as_bool(true);
  adopt(mesh.service_export_to, config["defaultServiceExportTo"]);
  adopt(mesh.virtual_service_export_to, config["defaultVirtualServiceExportTo"]);
  adopt(mesh.destination_rule_export_to, config["defaultDestinationRuleExportTo"]);
  if (!config["discoverySelectors"].items().empty()) mesh.discovery_selectors = config["discoverySelectors"];
  mesh.proxy_config = config["defaultConfig"];
}

}  // namespace egress::mesh
