#include "egress/mesh/mesh.hpp"

#include "egress/base/error.hpp"
#include "egress/base/yaml.hpp"

namespace egress::mesh {
namespace {

/// Takes over a text that the cluster gives and that is not empty.
void adopt(std::string& into, const Json& value) {
  if (!value.as_string().empty()) into = value.as_string();
}

const Json& discovery_container(const Json& istiod) {
  const auto& containers = istiod["spec"]["template"]["spec"]["containers"].items();
  for (const Json& container : containers)
    if (container["name"].as_string() == "discovery") return container;
  static const Json none;
  return containers.empty() ? none : containers.front();
}

std::string image_tag(const std::string& image) {
  const std::string name = image.substr(0, image.find('@'));
  const std::size_t colon = name.rfind(':');
  return colon == std::string::npos || name.find('/', colon) != std::string::npos ? ""
                                                                                  : name.substr(colon + 1);
}

std::optional<Version> version_of(const Json& istiod, const Json& injector_values) {
  for (const std::string& said : {image_tag(discovery_container(istiod)["image"].as_string()),
                                  injector_values["global"]["tag"].as_string(),
                                  istiod["metadata"]["labels"]["app.kubernetes.io/version"].as_string()})
    if (const auto version = Version::parse(said)) return version;
  return std::nullopt;
}

Json parsed(const Json& data, std::string_view key) {
  try {
    return parse_yaml(data[key].as_string());
  } catch (const Error& error) {
    throw Error("the mesh's ConfigMap holds a \"" + std::string(key) +
                "\" that cannot be read: " + error.what());
  }
}

void adopt_global(Mesh& mesh, const Json& global) {
  adopt(mesh.hub, global["hub"]);
  adopt(mesh.tag, global["tag"]);
  adopt(mesh.proxy_image, global["proxy"]["image"]);
  adopt(mesh.cluster_domain, global["proxy"]["clusterDomain"]);
  adopt(mesh.proxy_log_level, global["proxy"]["logLevel"]);
  adopt(mesh.proxy_component_log_level, global["proxy"]["componentLogLevel"]);
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
  if (!global["imagePullSecrets"].items().empty()) mesh.image_pull_secrets = global["imagePullSecrets"];
  if (!global["arch"].members().empty()) mesh.arch = global["arch"];
}

/// istiod's own environment is the authority on how a gateway must authenticate (ISTIO 1.7.0,
/// istio-discovery/templates/deployment.yaml).
void adopt_environment(Mesh& mesh, const Json& container) {
  for (const Json& variable : container["env"].items()) {
    const std::string& name = variable["name"].as_string();
    if (name == "JWT_POLICY") adopt(mesh.token_policy, variable["value"]);
    if (name == "PILOT_CERT_PROVIDER") adopt(mesh.certificate_provider, variable["value"]);
    if (name == "CLUSTER_ID") adopt(mesh.cluster_id, variable["value"]);
  }
}

}  // namespace

std::optional<Mesh> read_mesh(const Json& istiod, const Json& mesh_data, const Json& injector_data) {
  const Json config = parsed(mesh_data, "mesh");
  const Json values = parsed(injector_data, "values");
  const auto version = version_of(istiod, values);
  if (!version) return std::nullopt;

  Mesh mesh;
  mesh.version = *version;
  mesh.tag = version->text();
  adopt(mesh.istio_namespace, istiod["metadata"]["namespace"]);
  adopt(mesh.revision, istiod["metadata"]["labels"]["istio.io/rev"]);
  adopt_global(mesh, values["global"]);
  adopt(mesh.trust_domain, config["trustDomain"]);
  mesh.proxy_config = config["defaultConfig"];
  adopt_environment(mesh, discovery_container(istiod));
  return mesh;
}

Mesh assumed_mesh(Version version) {
  Mesh mesh;
  mesh.version = version;
  mesh.tag = version.text();
  return mesh;
}

}  // namespace egress::mesh
