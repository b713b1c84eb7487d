#include "egress/mesh/mesh.hpp"

#include <doctest/doctest.h>

#include "egress/base/error.hpp"
#include "support/mentions.hpp"

TEST_SUITE_BEGIN("mesh");

namespace egress {
namespace {

using mesh::IstioConfig;
using mesh::Mesh;
using mesh::Version;

Json deployment(const std::string& image, Json env = {}) {
  Json container = object({{"name", "discovery"}, {"image", image}});
  if (!env.is_null()) container.set("env", std::move(env));
  Json deployment = object({{"metadata", object({
                                             {"name", "istiod"},
                                             {"namespace", "istio-system"},
                                             {"labels", object({{"istio.io/rev", "default"}})},
                                         })}});
  deployment.edit("spec").edit("template").edit("spec").set("containers", array({std::move(container)}));
  return deployment;
}

Json variable(const char* name, const char* value) {
  return object({{"name", name}, {"value", value}});
}

/// The objects of an Istio installation with that istiod, mesh config and injector values.
IstioConfig istio_config(const Json& istiod, const std::string& mesh_config = "",
                         const std::string& values = "") {
  IstioConfig config;
  config.istiod = mesh::read_control_plane(istiod);
  if (!mesh_config.empty()) config.mesh_config = object({{"mesh", mesh_config}});
  if (!values.empty()) config.injector = object({{"values", values}});
  return config;
}

Mesh read(const IstioConfig& config) {
  const auto version = mesh::read_version(config);
  REQUIRE(version.has_value());
  return mesh::read_mesh(config, *version);
}

Mesh with_values(const std::string& values) {
  return read(istio_config(deployment("istio/pilot:1.7.3"), "", values));
}

Mesh with_config(const std::string& config) {
  return read(istio_config(deployment("istio/pilot:1.30.3"), config));
}

Mesh with_injector_config(const std::string& version, const std::string& injector_config) {
  IstioConfig config = istio_config(deployment("istio/pilot:" + version));
  config.injector = object({{"values", "{}"}, {"config", injector_config}});
  return read(config);
}

}  // namespace

TEST_CASE("the image tag's version takes precedence over labels and values") {
  Json istiod = deployment("docker.io/istio/pilot:1.30.3-distroless");
  istiod.edit("metadata").edit("labels").set("app.kubernetes.io/version", "1.28.0");
  CHECK(mesh::read_version(istio_config(istiod, "", R"({"global":{"tag":"1.29.0"}})")) == Version{1, 30, 3});
}

TEST_CASE("for an image with a digest the version comes from the label, then from the injector's tag") {
  const Json istiod = deployment("registry.example:5000/istio/pilot@sha256:0123");
  const std::string values = R"({"global":{"tag":"1.29.1"}})";
  CHECK(mesh::read_version(istio_config(istiod, "", values)) == Version{1, 29, 1});
  Json labelled = istiod;
  labelled.edit("metadata").edit("labels").set("app.kubernetes.io/version", "1.28.2");
  CHECK(mesh::read_version(istio_config(labelled)) == Version{1, 28, 2});
  CHECK(mesh::read_version(istio_config(labelled, "", values)) == Version{1, 28, 2});
  CHECK_FALSE(mesh::read_version(istio_config(istiod)).has_value());
}

TEST_CASE("a tag or label that is not an Istio release is not a version") {
  CHECK_FALSE(mesh::read_version(istio_config(deployment("corp/pilot:2026.01.15"))).has_value());
  CHECK_FALSE(mesh::read_version(istio_config(deployment("corp/pilot:2.6.1"))).has_value());
  CHECK_FALSE(mesh::read_version(istio_config(deployment("corp/pilot:latest"))).has_value());
  Json unreleased = deployment("corp/pilot:latest");
  unreleased.edit("metadata").edit("labels").set("app.kubernetes.io/version", "1.0.0");
  CHECK_FALSE(mesh::read_version(istio_config(unreleased)).has_value());
  CHECK(mesh::read_version(istio_config(unreleased, "", R"({"global":{"tag":"1.29.1-corp.3"}})")) ==
        Version{1, 29, 1});
}

TEST_CASE("a requested version is combined with the cluster's mesh config") {
  IstioConfig config = istio_config(deployment("corp/pilot:latest"), "trustDomain: corp.example");
  CHECK(mesh::read_mesh(config, {1, 29, 0}).trust_domain == "corp.example");
}

TEST_CASE("istiod's environment variables decide how a gateway authenticates") {
  const Json env = array({
      variable("JWT_POLICY", "first-party-jwt"),
      variable("PILOT_CERT_PROVIDER", "kubernetes"),
      variable("CLUSTER_ID", "east"),
  });
  const Mesh mesh = read(istio_config(
      deployment("istio/pilot:1.7.0", env), "",
      R"({"global":{"jwtPolicy":"third-party-jwt","pilotCertProvider":"istiod","hub":"h.example/istio"}})"));
  CHECK(mesh.token_policy == "first-party-jwt");
  CHECK(mesh.certificate_provider == "kubernetes");
  CHECK(mesh.cluster_id == "east");
  CHECK(mesh.hub == "h.example/istio");
  CHECK_FALSE(mesh.gateway_injection());
}

TEST_CASE("the mesh config is read") {
  const Mesh mesh = with_config(R"(
trustDomain: corp.example
rootNamespace: istio-config
enableAutoMtls: false
enablePrometheusMerge: false
outboundTrafficPolicy: {mode: REGISTER_ONLY}
defaultServiceExportTo: [.]
defaultVirtualServiceExportTo: [., shop]
defaultDestinationRuleExportTo: [istio-system]
discoverySelectors:
- matchLabels: {mesh: "yes"}
defaultConfig: {discoveryAddress: "istiod.i:15012"}
)");
  CHECK(mesh.trust_domain == "corp.example");
  CHECK(mesh.root_namespace == "istio-config");
  CHECK_FALSE(mesh.auto_mtls);
  CHECK_FALSE(mesh.prometheus_merge);
  CHECK(mesh.outbound_policy == "REGISTER_ONLY");
  CHECK(mesh.service_export_to == std::vector<std::string>{"."});
  CHECK(mesh.virtual_service_export_to == std::vector<std::string>{".", "shop"});
  CHECK(mesh.destination_rule_export_to == std::vector<std::string>{"istio-system"});
  CHECK(mesh.discovery_selectors == Json::parse(R"([{"matchLabels": {"mesh": "yes"}}])"));
  CHECK(mesh.proxy_config["discoveryAddress"].as_string() == "istiod.i:15012");
}

TEST_CASE("fields that the mesh config omits have Istio's defaults") {
  IstioConfig config = istio_config(deployment("istio/pilot:1.30.3"), "accessLogFile: /dev/stdout");
  config.ns = "mesh-control";
  const Mesh mesh = read(config);
  CHECK(mesh.outbound_policy == "ALLOW_ANY");
  CHECK(mesh.root_namespace == "mesh-control");
  CHECK(mesh.auto_mtls);
  CHECK(mesh.prometheus_merge);
  CHECK(mesh.service_export_to == std::vector<std::string>{"*"});
  CHECK(mesh.virtual_service_export_to == std::vector<std::string>{"*"});
  CHECK(mesh.destination_rule_export_to == std::vector<std::string>{"*"});
  CHECK(mesh.discovery_selectors.is_null());
}

TEST_CASE("the mesh config is merged over the shared mesh config, including proxy settings") {
  IstioConfig config = istio_config(deployment("istio/pilot:1.30.3"), R"(
trustDomain: own.example
defaultConfig: {proxyMetadata: {A: own}, concurrency: 1}
)");
  config.shared_config = object({{"mesh", R"(
trustDomain: shared.example
rootNamespace: shared-root
defaultConfig: {discoveryAddress: "shared:15012", concurrency: 2, proxyMetadata: {A: shared, B: shared}}
)"}});
  const Mesh mesh = read(config);
  CHECK(mesh.trust_domain == "own.example");
  CHECK(mesh.root_namespace == "shared-root");
  CHECK(mesh.proxy_config == Json::parse(R"({"discoveryAddress": "shared:15012", "concurrency": 1,
                        "proxyMetadata": {"A": "own", "B": "shared"}})"));
}

TEST_CASE("pod settings are read from the injector's values") {
  const Mesh mesh = with_values(R"({"global": {
    "logAsJson": true, "sts": {"servicePort": 15463}, "mountMtlsCerts": true,
    "priorityClassName": "system-cluster-critical", "proxy": {"enableCoreDump": true},
    "defaultTolerations": [{"key": "mesh", "operator": "Exists"}], "imagePullPolicy": "Always"}})");
  CHECK(mesh.log_as_json);
  CHECK(mesh.sts_port == 15463);
  CHECK(mesh.mount_mtls_certs);
  CHECK(mesh.priority_class == "system-cluster-critical");
  CHECK(mesh.core_dump);
  CHECK(mesh.default_tolerations == Json::parse(R"([{"key": "mesh", "operator": "Exists"}])"));
  CHECK(mesh.image_pull_policy == "Always");
}

TEST_CASE("empty values have the chart's defaults") {
  const Mesh mesh = with_values(R"({"global":{"hub":"","multiCluster":{"clusterName":""}}})");
  CHECK(mesh.hub == "docker.io/istio");
  CHECK(mesh.tag == "1.7.3");
  CHECK(mesh.cluster_id == "Kubernetes");
  CHECK(mesh.token_policy == "third-party-jwt");
}

TEST_CASE("without the injector's values the proxy image has istiod's hub and tag") {
  const Mesh mesh = read(istio_config(deployment("registry.example:5000/mirror/pilot:1.7.3-distroless")));
  CHECK(mesh.hub == "registry.example:5000/mirror");
  CHECK(mesh.tag == "1.7.3-distroless");
  CHECK(mesh.distroless);
}

TEST_CASE("a distroless image is recognized by its tag or variant") {
  CHECK(with_values(R"({"global":{"tag":"1.7.3-distroless"}})").distroless);
  CHECK(with_values(R"({"global":{"tag":"1.17.0","variant":"distroless"}})").distroless);
  CHECK(with_values(R"({"global":{"tag":"1.17.0","proxy":{"variant":"distroless"}}})").distroless);
  CHECK_FALSE(with_values(R"({"global":{"tag":"1.17.0","variant":"debug"}})").distroless);
}

TEST_CASE("a requested hub and tag override the mesh's proxy image") {
  Mesh mesh = with_values(R"({"global":{"hub":"a/b","tag":"1.7.3","proxy":{"image":"c.example/proxy:1"}}})");
  mesh::override_image(mesh, "", "");
  CHECK(mesh.proxy_image == "c.example/proxy:1");
  mesh::override_image(mesh, "", "1.7.8-distroless");
  CHECK(mesh.proxy_image == "proxyv2");
  CHECK(mesh.hub == "a/b");
  CHECK(mesh.tag == "1.7.8-distroless");
  CHECK(mesh.distroless);
  mesh::override_image(mesh, "corp.example/istio", "1.7.8");
  CHECK(mesh.hub == "corp.example/istio");
  CHECK_FALSE(mesh.distroless);
}

TEST_CASE("the injector's templates decide on gateway injection, then the version") {
  CHECK(with_injector_config("1.9.0", "templates: {sidecar: a, gateway: b}").gateway_injection());
  CHECK_FALSE(with_injector_config("1.10.0", "templates: {sidecar: a}").gateway_injection());
  CHECK_FALSE(with_injector_config("1.9.0", "template: a").gateway_injection());
  CHECK(with_injector_config("1.10.0", "{").gateway_injection());
  CHECK(with_values("{}").gateway_injection() == false);
  CHECK(with_config("{}").gateway_injection());
}

TEST_CASE("invalid YAML in the values is reported") {
  CHECK(testing::mentions(testing::error_of([&] { with_values("{"); }), {"values"}));
}

TEST_CASE("versions are parsed from tags") {
  CHECK(Version::parse("1.30") == Version{1, 30, 0});
  CHECK(Version::parse("v1.30.3-distroless") == Version{1, 30, 3});
  CHECK(Version::parse("1.9.0-alpha.1") == Version{1, 9, 0});
  for (const char* text : {"", "latest", "1", "1.x", "-1.2"}) {
    CAPTURE(text);
    CHECK_FALSE(Version::parse(text).has_value());
  }
  CHECK(Version{1, 9, 0} < Version{1, 10, 0});
}

}  // namespace egress

TEST_SUITE_END();
