#include "egress/fleet/survey.hpp"

#include <doctest/doctest.h>

#include "egress/base/error.hpp"
#include "egress/mesh/istio_kinds.hpp"
#include "support/fake_cluster.hpp"

TEST_SUITE_BEGIN("fleet");

namespace egress {
namespace {

using testing::FakeCluster;

const std::string istiod_path = "/apis/apps/v1/namespaces/istio-system/deployments/istiod";

fleet::Survey look(FakeCluster& server, const fleet::MeshFlags& flags = {}) {
  kube::Cluster cluster(server, {});
  return fleet::survey(cluster, "httpbin", "httpbin", flags);
}

/// A second control plane, of a revision, with its own ConfigMaps.
void add_revision(FakeCluster& server, const std::string& revision, const std::string& version) {
  Json istiod = server.objects.at(istiod_path);
  istiod.edit("metadata").set("name", "istiod-" + revision);
  istiod.edit("metadata").edit("labels").set("istio.io/rev", revision);
  Json container = object({{"name", "discovery"}, {"image", "istio/pilot:" + version + "-distroless"}});
  istiod.edit("spec").edit("template").edit("spec").set("containers", array({container}));
  server.put(istiod_path + "-" + revision, istiod);
  server.put("/api/v1/namespaces/istio-system/configmaps/istio-" + revision,
             object({{"data", object({{"mesh", "trustDomain: rev.example\n"}})}}));
}

}  // namespace

TEST_CASE("one wave finds the mesh, the namespace, the record and what is served") {
  FakeCluster server;
  const auto survey = look(server);
  CHECK(server.waves.size() == 1);
  CHECK(survey.mesh.version == mesh::Version{1, 30, 3});
  CHECK(survey.namespace_exists);
  CHECK_FALSE(survey.record.has_value());
  CHECK(survey.served.at(mesh::kinds::gateway).api_version() == "networking.istio.io/v1");
}

TEST_CASE("an older Istio is written to in the version that it serves") {
  FakeCluster server("1.7.0");
  const auto survey = look(server);
  CHECK(survey.mesh.version == mesh::Version{1, 7, 0});
  CHECK(survey.served.at(mesh::kinds::gateway).api_version() == "networking.istio.io/v1beta1");
}

TEST_CASE("a cluster without istiod is said plainly, and the flag fills in") {
  FakeCluster server;
  server.objects.erase(istiod_path);
  CHECK_THROWS_WITH(
      look(server),
      "cannot find out which Istio this cluster runs: no Deployment labelled app=istiod is there");
  CHECK(look(server, {.version = "1.7", .revision = {}, .ns = {}}).mesh.version == mesh::Version{1, 7, 0});
}

TEST_CASE("a user who may not look is told that, not that nothing is there") {
  FakeCluster server;
  server.fault = [](const http::Request& request) -> std::optional<http::Reply> {
    if (request.target.find("app%3Distiod") == std::string::npos) return std::nullopt;
    return testing::status_reply(403, "Forbidden", "deployments is forbidden");
  };
  CHECK_THROWS_WITH(look(server), doctest::Contains("they cannot be looked at: deployments is forbidden"));
}

TEST_CASE("of several revisions the default one is taken, or the one that is named") {
  FakeCluster server;
  add_revision(server, "1-29", "1.29.1");
  CHECK(look(server).mesh.version == mesh::Version{1, 30, 3});

  const auto named = look(server, {.version = {}, .revision = "1-29", .ns = {}});
  CHECK(named.mesh.version == mesh::Version{1, 29, 1});
  CHECK(named.mesh.trust_domain == "rev.example");
  CHECK(named.pod_revision() == "1-29");
}

TEST_CASE("several revisions without a default one have to be chosen from") {
  FakeCluster server;
  server.objects.erase(istiod_path);
  FakeCluster whole;
  server.put(istiod_path, whole.objects.at(istiod_path));
  add_revision(server, "1-29", "1.29.1");
  add_revision(server, "1-28", "1.28.0");
  server.objects.erase(istiod_path);
  CHECK_THROWS_WITH(look(server), "this cluster runs several revisions of Istio and none is the default one");
}

TEST_CASE("the namespace's own label says who injects, and is not repeated on the pods") {
  FakeCluster server;
  add_revision(server, "1-29", "1.29.1");
  server.objects["/api/v1/namespaces/httpbin"].edit("metadata").edit("labels").set("istio.io/rev", "1-29");
  const auto survey = look(server);
  CHECK(survey.mesh.version == mesh::Version{1, 29, 1});
  CHECK(survey.pod_revision().empty());
}

TEST_CASE("a namespace in which injection is disabled is refused") {
  FakeCluster server;
  server.objects["/api/v1/namespaces/httpbin"]
      .edit("metadata")
      .edit("labels")
      .set("istio-injection", "disabled");
  CHECK_THROWS_AS(look(server).pod_revision(), Error);
}

TEST_CASE("a kind that the cluster does not serve is not found") {
  FakeCluster server;
  server.served = {"autoscaling/v2", "policy/v1"};
  CHECK_FALSE(look(server).served.find(mesh::kinds::gateway).has_value());
}

}  // namespace egress

TEST_SUITE_END();
