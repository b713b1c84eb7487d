#include <doctest/doctest.h>

#include "egress/base/error.hpp"
#include "egress/fleet/survey.hpp"
#include "support/fake_cluster.hpp"

TEST_SUITE_BEGIN("fleet");

namespace egress {
namespace {

using testing::FakeCluster;

const std::vector<fleet::Wanted> three{{"a", "httpbin"}, {"b", "httpbin"}, {"c", "shop"}};

Json labelled(const std::string& name, const std::string& key, const std::string& value) {
  return object({{"metadata", object({{"name", name}, {"labels", object({{key, value}})}})}});
}

}  // namespace

TEST_CASE("three gateways are looked at in the wave of one") {
  FakeCluster server;
  server.put("/api/v1/namespaces/shop", labelled("shop", "team", "a"));
  kube::Cluster cluster(server, {});
  const fleet::FleetSurvey survey(cluster, three);
  CHECK(server.waves.size() == 1);
  CHECK_FALSE(survey.any_record());
  CHECK(survey.of(0).namespace_exists);
  CHECK(survey.of(2).namespace_labels["team"].as_string() == "a");
  CHECK(survey.of(2).mesh.version == mesh::Version{1, 30, 3});
}

TEST_CASE("a namespace that is missing is missing for its own gateways alone") {
  FakeCluster server;
  kube::Cluster cluster(server, {});
  const fleet::FleetSurvey survey(cluster, three);
  CHECK(survey.of(1).namespace_exists);
  CHECK_FALSE(survey.of(2).namespace_exists);
}

TEST_CASE("each wish for a revision finds its own mesh, and one that nobody meets keeps no other") {
  FakeCluster server;
  server.put_istio("1.7.8", "old");
  kube::Cluster cluster(server, {});
  const fleet::FleetSurvey survey(
      cluster,
      {{"a", "httpbin"}, {"b", "httpbin", {.revision = "old"}}, {"c", "httpbin", {.revision = "none"}}});
  CHECK(survey.of(0).mesh.version == mesh::Version{1, 30, 3});
  CHECK(survey.of(1).mesh.version == mesh::Version{1, 7, 8});
  CHECK_THROWS_AS(survey.of(2), Error);
}

TEST_CASE("who may not list namespaces and records still sees each record") {
  FakeCluster server;
  server.put("/api/v1/namespaces/httpbin/configmaps/b-egress", labelled("b-egress", "x", "y"));
  server.fault = [](const http::Request& request) -> std::optional<http::Reply> {
    const bool lists = request.target.find("/namespaces?") != std::string::npos ||
                       request.target.find("/configmaps?") != std::string::npos;
    if (!lists) return std::nullopt;
    return testing::status_reply(403, "Forbidden", "you may not");
  };
  kube::Cluster cluster(server, {});
  const fleet::FleetSurvey survey(cluster, three);
  CHECK(survey.any_record());
  CHECK(survey.of(1).record.has_value());
  CHECK_FALSE(survey.of(0).record.has_value());
  CHECK(survey.of(2).namespace_exists);
  CHECK_FALSE(survey.of(2).warnings.empty());
}

}  // namespace egress

TEST_SUITE_END();
