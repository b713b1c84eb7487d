#include "egress/mesh/mesh.hpp"

#include "egress/base/error.hpp"
#include "egress/base/yaml.hpp"
#include "egress/mesh/mesh_config.hpp"

namespace egress::mesh {
namespace {

constexpr std::string_view no_shell = "distroless";

/// Takes over a text that the cluster gives and that is not empty.
void adopt(std::string& into, const Json& value) {
  if (!value.as_string().empty()) into = value.as_string();
}

Json parsed(const Json& data, std::string_view key) {
  try {
    return parse_yaml(data[key].as_string());
  } catch (const Error& error) {
    throw Error("the mesh's ConfigMap holds a \"" + std::string(key) +
                "\" that cannot be read: " + error.what());
  }
}

/// The injector's own settings are not needed for more than this: what cannot be read leaves it open.
std::optional<bool> has_gateway_template(const Json& injector) {
  if (!injector["config"].is_string()) return std::nullopt;
  try {
    return parse_yaml(injector["config"].as_string())["templates"].has("gateway");
  } catch (const Error&) {
    return std::nullopt;
  }
}

void adopt_proxy(Mesh& mesh, const Json& proxy) {
  adopt(mesh.proxy_image, proxy["image"]);
  adopt(mesh.cluster_domain, proxy["clusterDomain"]);
  adopt(mesh.proxy_log_level, proxy["logLevel"]);
  adopt(mesh.proxy_component_log_level, proxy["componentLogLevel"]);
  mesh.core_dump = proxy["enableCoreDump"].as_bool();
}

void adopt_global(Mesh& mesh, const Json& global) {
  adopt(mesh.hub, global["hub"]);
  adopt(mesh.tag, global["tag"]);
  adopt_proxy(mesh, global["proxy"]);
  adopt(mesh.log_level, global["logging"]["level"]);
  adopt(mesh.image_pull_policy, global["imagePullPolicy"]);
  adopt(mesh.token_policy, global["jwtPolicy"]);
  adopt(mesh.token_audience, global["sds"]["token"]["aud"]);
  adopt(mesh.certificate_provider, global["pilotCertProvider"]);
  adopt(mesh.ca_address, global["caAddress"]);
  adopt(mesh.cluster_id, global["multiCluster"]["clusterName"]);
  adopt(mesh.mesh_id, global["meshID"]);
  adopt(mesh.network, global["network"]);
  adopt(mesh.trust_domain, global["trustDomain"]);
  adopt(mesh.priority_class, global["priorityClassName"]);
  mesh.log_as_json = global["logAsJson"].as_bool();
  mesh.mount_mtls_certs = global["mountMtlsCerts"].as_bool();
  mesh.sts_port = static_cast<int>(global["sts"]["servicePort"].as_integer());
  if (!global["imagePullSecrets"].items().empty()) mesh.image_pull_secrets = global["imagePullSecrets"];
  if (!global["defaultTolerations"].items().empty()) mesh.default_tolerations = global["defaultTolerations"];
  if (!global["arch"].members().empty()) mesh.arch = global["arch"];
}

/// istiod's own environment is the authority on how a gateway must authenticate (ISTIO 1.7.0,
/// istio-discovery/templates/deployment.yaml).
void adopt_environment(Mesh& mesh, const ControlPlane& istiod) {
  adopt(mesh.token_policy, istiod.variable("JWT_POLICY"));
  adopt(mesh.certificate_provider, istiod.variable("PILOT_CERT_PROVIDER"));
  adopt(mesh.cluster_id, istiod.variable("CLUSTER_ID"));
}

/// Where nothing says what image proxies have, theirs is likely to come from where istiod's does.
void assume_image(Mesh& mesh, const ControlPlane& istiod) {
  adopt(mesh.hub, istiod.hub);
  if (Version::parse(istiod.tag) == mesh.version) mesh.tag = istiod.tag;
}

/// The end of a tag names the variant of the images, or since 1.16 a value of its own does
/// (istio-discovery/values.yaml).
bool is_distroless(const Mesh& mesh, const Json& global) {
  return mesh.tag.ends_with(no_shell) || global["variant"].as_string() == no_shell ||
         global["proxy"]["variant"].as_string() == no_shell;
}

}  // namespace

std::optional<Version> read_version(const Findings& findings) {
  if (findings.istiod && findings.istiod->version) return findings.istiod->version;
  return Version::release(parsed(findings.injector, "values")["global"]["tag"].as_string());
}

Mesh read_mesh(const Findings& findings, Version version) {
  const Json global = parsed(findings.injector, "values")["global"];
  Mesh mesh = assumed_mesh(version);
  mesh.istio_namespace = findings.ns;
  mesh.revision = findings.revision;
  if (findings.istiod && global.is_null()) assume_image(mesh, *findings.istiod);
  adopt_global(mesh, global);
  mesh.distroless = is_distroless(mesh, global);
  mesh.gateway_template = has_gateway_template(findings.injector);
  adopt_mesh_config(
      mesh, merged_mesh_config(parsed(findings.shared_config, "mesh"), parsed(findings.mesh_config, "mesh")));
  if (findings.istiod) adopt_environment(mesh, *findings.istiod);
  return mesh;
}

void override_image(Mesh& mesh, const std::string& hub, const std::string& tag) {
  if (hub.empty() && tag.empty()) return;
  if (mesh.proxy_image.find('/') != std::string::npos) mesh.proxy_image = Mesh().proxy_image;
  adopt(mesh.hub, hub);
  adopt(mesh.tag, tag);
  if (!tag.empty()) mesh.distroless = tag.ends_with(no_shell);
}

Mesh assumed_mesh(Version version) {
  Mesh mesh;
  mesh.version = version;
  mesh.tag = version.text();
  return mesh;
}

}  // namespace egress::mesh
