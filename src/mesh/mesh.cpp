#include "egress/mesh/mesh.hpp"

#include "egress/base/error.hpp"
#include "egress/base/yaml.hpp"
#include "egress/mesh/mesh_config.hpp"

namespace egress::mesh {
namespace {

constexpr std::string_view distroless_variant = "distroless";

/// Ignores a missing or empty text, so that the default remains.
void set_if_present(std::string& into, const Json& value) {
  if (!value.as_string().empty()) into = value.as_string();
}

Json parse_key(const Json& data, std::string_view key) {
  try {
    return parse_yaml(data[key].as_string());
  } catch (const Error& error) {
    throw Error("the mesh's ConfigMap has a \"" + std::string(key) +
                "\" that cannot be read: " + error.what());
  }
}

/// Empty if the injector's config cannot be read, because nothing else of it is needed.
std::optional<bool> has_gateway_template(const Json& injector) {
  if (!injector["config"].is_string()) return std::nullopt;
  try {
    return parse_yaml(injector["config"].as_string())["templates"].has("gateway");
  } catch (const Error&) {
    return std::nullopt;
  }
}

void apply_proxy_values(Mesh& mesh, const Json& proxy) {
  set_if_present(mesh.proxy_image, proxy["image"]);
  set_if_present(mesh.cluster_domain, proxy["clusterDomain"]);
  set_if_present(mesh.proxy_log_level, proxy["logLevel"]);
  set_if_present(mesh.proxy_component_log_level, proxy["componentLogLevel"]);
  mesh.core_dump = proxy["enableCoreDump"].as_bool();
}

void apply_global_values(Mesh& mesh, const Json& global) {
  set_if_present(mesh.hub, global["hub"]);
  set_if_present(mesh.tag, global["tag"]);
  apply_proxy_values(mesh, global["proxy"]);
  set_if_present(mesh.log_level, global["logging"]["level"]);
  set_if_present(mesh.image_pull_policy, global["imagePullPolicy"]);
  set_if_present(mesh.token_policy, global["jwtPolicy"]);
  set_if_present(mesh.token_audience, global["sds"]["token"]["aud"]);
  set_if_present(mesh.certificate_provider, global["pilotCertProvider"]);
  set_if_present(mesh.ca_address, global["caAddress"]);
  set_if_present(mesh.cluster_id, global["multiCluster"]["clusterName"]);
  set_if_present(mesh.mesh_id, global["meshID"]);
  set_if_present(mesh.network, global["network"]);
  set_if_present(mesh.trust_domain, global["trustDomain"]);
  set_if_present(mesh.priority_class, global["priorityClassName"]);
  mesh.log_as_json = global["logAsJson"].as_bool();
  mesh.mount_mtls_certs = global["mountMtlsCerts"].as_bool();
  mesh.sts_port = static_cast<int>(global["sts"]["servicePort"].as_integer());
  if (!global["imagePullSecrets"].items().empty()) mesh.image_pull_secrets = global["imagePullSecrets"];
  if (!global["defaultTolerations"].items().empty()) mesh.default_tolerations = global["defaultTolerations"];
  if (!global["arch"].members().empty()) mesh.arch = global["arch"];
}

/// istiod's environment determines how a gateway must authenticate (Istio 1.7.0,
/// istio-discovery/templates/deployment.yaml).
void apply_environment(Mesh& mesh, const ControlPlane& istiod) {
  set_if_present(mesh.token_policy, istiod.variable("JWT_POLICY"));
  set_if_present(mesh.certificate_provider, istiod.variable("PILOT_CERT_PROVIDER"));
  set_if_present(mesh.cluster_id, istiod.variable("CLUSTER_ID"));
}

/// Without the injector's values the proxy image probably has the hub and tag of istiod's image.
void assume_proxy_image(Mesh& mesh, const ControlPlane& istiod) {
  set_if_present(mesh.hub, istiod.hub);
  if (Version::parse(istiod.tag) == mesh.version) mesh.tag = istiod.tag;
}

/// The variant is the end of the tag, or since 1.16 a value
/// (istio-discovery/values.yaml).
bool is_distroless(const Mesh& mesh, const Json& global) {
  return mesh.tag.ends_with(distroless_variant) || global["variant"].as_string() == distroless_variant ||
         global["proxy"]["variant"].as_string() == distroless_variant;
}

}  // namespace

std::optional<Version> read_version(const IstioConfig& config) {
  if (config.istiod && config.istiod->version) return config.istiod->version;
  return Version::parse_release(parse_key(config.injector, "values")["global"]["tag"].as_string());
}

Mesh read_mesh(const IstioConfig& config, Version version) {
  const Json global = parse_key(config.injector, "values")["global"];
  Mesh mesh = assumed_mesh(version);
  mesh.istio_namespace = config.ns;
  mesh.revision = config.revision;
  if (config.istiod && global.is_null()) assume_proxy_image(mesh, *config.istiod);
  apply_global_values(mesh, global);
  mesh.distroless = is_distroless(mesh, global);
  mesh.gateway_template = has_gateway_template(config.injector);
  apply_mesh_config(mesh, merge_mesh_configs(parse_key(config.shared_config, "mesh"),
                                             parse_key(config.mesh_config, "mesh")));
  if (config.istiod) apply_environment(mesh, *config.istiod);
  return mesh;
}

void override_image(Mesh& mesh, const std::string& hub, const std::string& tag) {
  if (hub.empty() && tag.empty()) return;
  if (mesh.proxy_image.find('/') != std::string::npos) mesh.proxy_image = Mesh().proxy_image;
  set_if_present(mesh.hub, hub);
  set_if_present(mesh.tag, tag);
  if (!tag.empty()) mesh.distroless = tag.ends_with(distroless_variant);
}

Mesh assumed_mesh(Version version) {
  Mesh mesh;
  mesh.version = version;
  mesh.tag = version.text();
  return mesh;
}

}  // namespace egress::mesh
