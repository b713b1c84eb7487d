#include "egress/mesh/mesh.hpp"

#include <doctest/doctest.h>

#include "egress/base/error.hpp"

TEST_SUITE_BEGIN("mesh");

namespace egress {
namespace {

Json istiod(const std::string& image, Json env = {}) {
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

Json values(const std::string& json) {
  return object({{"values", json}});
}

}  // namespace

TEST_CASE("the version is the image's, before what labels and values say") {
  Json deployment = istiod("docker.io/istio/pilot:1.30.3-distroless");
  deployment.edit("metadata").edit("labels").set("app.kubernetes.io/version", "1.0.0");
  const auto mesh = mesh::read_mesh(deployment, {}, values(R"({"global":{"tag":"1.29.0"}})"));
  REQUIRE(mesh.has_value());
  CHECK(mesh->version == mesh::Version{1, 30, 3});
}

TEST_CASE("an image named by its digest leaves the version to the injector's tag, then to the label") {
  const Json deployment = istiod("registry.example:5000/istio/pilot@sha256:0123");
  CHECK(mesh::read_mesh(deployment, {}, values(R"({"global":{"tag":"1.29.1"}})"))->version ==
        mesh::Version{1, 29, 1});
  Json labelled = deployment;
  labelled.edit("metadata").edit("labels").set("app.kubernetes.io/version", "1.28.2");
  CHECK(mesh::read_mesh(labelled, {}, {})->version == mesh::Version{1, 28, 2});
  CHECK_FALSE(mesh::read_mesh(deployment, {}, {}).has_value());
}

TEST_CASE("istiod's own environment says how a gateway must authenticate") {
  const Json env = array({
      variable("JWT_POLICY", "first-party-jwt"),
      variable("PILOT_CERT_PROVIDER", "kubernetes"),
      variable("CLUSTER_ID", "east"),
  });
  const auto mesh = mesh::read_mesh(
      istiod("istio/pilot:1.7.0", env), {},
      values(
          R"({"global":{"jwtPolicy":"third-party-jwt","pilotCertProvider":"istiod","hub":"h.example/istio"}})"));
  REQUIRE(mesh.has_value());
  CHECK(mesh->token_policy == "first-party-jwt");
  CHECK(mesh->certificate_provider == "kubernetes");
  CHECK(mesh->cluster_id == "east");
  CHECK(mesh->hub == "h.example/istio");
  CHECK_FALSE(mesh->gateway_injection());
}

TEST_CASE("the mesh config gives the trust domain and the proxies' settings") {
  const Json data =
      object({{"mesh", "trustDomain: corp.example\ndefaultConfig:\n  discoveryAddress: istiod.i:15012\n"}});
  const auto mesh = mesh::read_mesh(istiod("istio/pilot:1.30.3"), data, {});
  REQUIRE(mesh.has_value());
  CHECK(mesh->trust_domain == "corp.example");
  CHECK(mesh->proxy_config["discoveryAddress"].as_string() == "istiod.i:15012");
  CHECK(mesh->gateway_injection());
}

TEST_CASE("what the cluster leaves empty is the chart's default") {
  const auto mesh = mesh::read_mesh(istiod("istio/pilot:1.7.3"), {},
                                    values(R"({"global":{"hub":"","multiCluster":{"clusterName":""}}})"));
  CHECK(mesh->hub == "docker.io/istio");
  CHECK(mesh->tag == "1.7.3");
  CHECK(mesh->cluster_id == "Kubernetes");
  CHECK(mesh->token_policy == "third-party-jwt");
}

TEST_CASE("values that are no YAML are an error that names them") {
  CHECK_THROWS_WITH(mesh::read_mesh(istiod("istio/pilot:1.7.3"), {}, values("{")),
                    doctest::Contains("holds a \"values\" that cannot be read"));
}

TEST_CASE("versions are read from tags") {
  CHECK(mesh::Version::parse("1.30") == mesh::Version{1, 30, 0});
  CHECK(mesh::Version::parse("v1.30.3-distroless") == mesh::Version{1, 30, 3});
  CHECK(mesh::Version::parse("1.9.0-alpha.1") == mesh::Version{1, 9, 0});
  for (const char* text : {"", "latest", "1", "1.x", "-1.2"}) {
    CAPTURE(text);
    CHECK_FALSE(mesh::Version::parse(text).has_value());
  }
  CHECK(mesh::Version{1, 9, 0} < mesh::Version{1, 10, 0});
}

}  // namespace egress

TEST_SUITE_END();
