#include "egress/fleet/survey.hpp"

#include <doctest/doctest.h>

#include "egress/base/error.hpp"
#include "egress/mesh/istio_kinds.hpp"
#include "support/fake_cluster.hpp"
#include "support/mentions.hpp"

TEST_SUITE_BEGIN("fleet");

namespace egress {
namespace {

using testing::error_of;
using testing::FakeCluster;
using testing::in_namespace;
using testing::mentions;

fleet::Survey look(FakeCluster& server, const fleet::MeshFlags& flags = {}) {
  kube::Cluster cluster(server, {});
  return fleet::survey(cluster, "httpbin", "httpbin", flags);
}

void label_namespace(FakeCluster& server, const std::string& key, const std::string& value) {
  server.objects["/api/v1/namespaces/httpbin"].edit("metadata").edit("labels").set(key, value);
}

}  // namespace

TEST_CASE("the mesh, the namespace, the record and what is served are found") {
  FakeCluster server;
  const auto survey = look(server);
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

TEST_CASE("nothing is assumed of a mesh that can be looked at") {
  for (const char* version : {"1.7.0", "1.30.3"}) {
    CAPTURE(version);
    FakeCluster server(version);
    CHECK(look(server).warnings.empty());
  }
}

TEST_CASE("of several revisions the default one is taken, or the one that is named") {
  FakeCluster server;
  server.add_istio("1.29.1", "1-29");
  CHECK(look(server).mesh.version == mesh::Version{1, 30, 3});
  CHECK(look(server).pod_revision().empty());

  const auto named = look(server, {.revision = "1-29"});
  CHECK(named.mesh.version == mesh::Version{1, 29, 1});
  CHECK(named.mesh.revision == "1-29");
  CHECK(named.pod_revision() == "1-29");
  CHECK(named.revisions.text() == "1-29, default");
}

TEST_CASE("a revision tag is as good as the revision that it stands for") {
  FakeCluster server;
  server.add_istio("1.29.1", "1-29");
  server.add_revision_tag("prod", "1-29");
  const auto named = look(server, {.revision = "prod"});
  CHECK(named.mesh.version == mesh::Version{1, 29, 1});
  CHECK(named.mesh.revision == "1-29");
  CHECK(named.pod_revision() == "prod");

  label_namespace(server, "istio.io/rev", "prod");
  const auto labelled = look(server);
  CHECK(labelled.mesh.revision == "1-29");
  CHECK(labelled.pod_revision().empty());
}

TEST_CASE("the default revision is where the tag of that name points") {
  FakeCluster server;
  server.add_istio("1.29.1", "1-29");
  server.add_revision_tag("default", "1-29");
  const auto survey = look(server);
  CHECK(survey.mesh.version == mesh::Version{1, 29, 1});
  CHECK(survey.pod_revision().empty());
}

TEST_CASE("the namespace's own label says who injects, and is not repeated on the pods") {
  FakeCluster server;
  server.add_istio("1.29.1", "1-29");
  label_namespace(server, "istio.io/rev", "1-29");
  const auto survey = look(server);
  CHECK(survey.mesh.version == mesh::Version{1, 29, 1});
  CHECK(survey.pod_revision().empty());
  CHECK(mentions(error_of([&] { look(server, {.revision = "default"}).pod_revision(); }),
                 {"httpbin", "istio.io/rev=1-29", "default"}));
}

TEST_CASE("both labels on a namespace are warned of, and the first wins") {
  FakeCluster server;
  server.add_istio("1.29.1", "1-29");
  label_namespace(server, "istio.io/rev", "1-29");
  label_namespace(server, "istio-injection", "enabled");
  const auto survey = look(server);
  CHECK(survey.mesh.version == mesh::Version{1, 30, 3});
  REQUIRE(survey.warnings.size() == 1);
  CHECK(
      mentions(survey.warnings[0], {in_namespace("httpbin"), "istio-injection", "istio.io/rev", "IST0123"}));
}

TEST_CASE("a namespace in which injection is disabled is refused, but not for a pod that needs none") {
  for (const char* version : {"1.30.3", "1.7.0"}) {
    CAPTURE(version);
    FakeCluster server(version);
    label_namespace(server, "istio-injection", "disabled");
    const auto survey = look(server);
    if (survey.mesh.gateway_injection())
      CHECK_THROWS_AS(survey.pod_revision(), Error);
    else
      CHECK(survey.pod_revision().empty());
  }
}

TEST_CASE("a namespace that is yet to be made has the label that every namespace has") {
  FakeCluster server;
  server.objects.erase("/api/v1/namespaces/httpbin");
  server.store("/api/v1/namespaces/istio-system/configmaps/istio", object({{"data", object({{"mesh", R"(
discoverySelectors:
- matchLabels: {kubernetes.io/metadata.name: httpbin}
)"}})}}));
  const auto survey = look(server);
  CHECK_FALSE(survey.namespace_exists);
  CHECK(survey.pod_revision().empty());
  label_namespace(server, "team", "shop");
  CHECK(mentions(error_of([&] { look(server).pod_revision(); }),
                 {"istiod", in_namespace("httpbin"), "discoverySelectors"}));
}

TEST_CASE("lists take no round of requests more than the survey alone") {
  FakeCluster server;
  kube::Cluster cluster(server, {});
  kube::Pages pages({{{kube::kinds::config_map}, "", {}}, {{kube::kinds::service}, "httpbin", {}}});
  fleet::survey(cluster, "httpbin", "httpbin", {});
  const std::size_t alone = server.waves.size();
  server.waves.clear();
  fleet::survey(cluster, "httpbin", "httpbin", {}, &pages);
  CHECK(server.waves.size() == alone);
  REQUIRE(pages.is_done());
  const auto listed = std::move(pages).results();
  CHECK(listed[0].objects.size() == 2);
  CHECK(listed[1].objects.empty());
}

TEST_CASE("a kind that the cluster does not serve is not found") {
  FakeCluster server;
  server.group_versions = {"autoscaling/v2", "policy/v1"};
  CHECK_FALSE(look(server).served.find(mesh::kinds::gateway).has_value());
}

}  // namespace egress

TEST_SUITE_END();
