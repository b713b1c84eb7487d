#include <doctest/doctest.h>

#include "egress/base/error.hpp"
#include "egress/fleet/survey.hpp"
#include "egress/mesh/record.hpp"
#include "support/allocations.hpp"
#include "support/designs.hpp"
#include "support/fake_cluster.hpp"

TEST_SUITE_BEGIN("fleet");

namespace egress {
namespace {

using testing::FakeCluster;

const std::vector<fleet::GatewayRequest> three{{"a", "httpbin"}, {"b", "httpbin"}, {"c", "shop"}};

/// So many that they are listed, and their namespaces, too.
const std::vector<fleet::GatewayRequest> many{{"a", "httpbin"}, {"b", "httpbin"}, {"c", "shop"},
                                              {"d", "one"},     {"e", "two"},     {"f", "three"}};

/// The requests, except those that are the same for all gateways.
std::vector<std::string> asked(const FakeCluster& server, const std::string& collection) {
  std::vector<std::string> found;
  for (const std::string& one : server.requests())
    if (one.find("/" + collection) != std::string::npos && one.find("istio") == std::string::npos)
      found.push_back(one);
  return found;
}

Json labelled(const std::string& name, const std::string& key, const std::string& value) {
  return object({{"metadata", object({{"name", name}, {"labels", object({{key, value}})}})}});
}

}  // namespace

TEST_CASE("three gateways take no round of requests more than one, and one request more for each record") {
  FakeCluster server;
  server.store("/api/v1/namespaces/shop", labelled("shop", "team", "a"));
  kube::Cluster cluster(server, {});
  const fleet::FleetSurvey one(cluster, {three.front()});
  CHECK(one.survey(0).namespace_exists);
  const std::size_t rounds = server.waves.size();
  server.waves.clear();
  const fleet::FleetSurvey survey(cluster, three);
  CHECK(server.waves.size() == rounds);
  CHECK(survey.records().empty());
  CHECK(asked(server, "configmaps/").size() == 3);
  CHECK(survey.survey(0).namespace_exists);
  CHECK(survey.survey(2).namespace_labels["team"].as_string() == "a");
  CHECK(survey.survey(2).mesh.version == mesh::Version{1, 30, 3});
}

TEST_CASE("a namespace that is missing is missing for its own gateways alone") {
  FakeCluster server;
  kube::Cluster cluster(server, {});
  for (const auto& wanted : {three, many}) {
    const fleet::FleetSurvey survey(cluster, wanted);
    CHECK(survey.survey(1).namespace_exists);
    CHECK_FALSE(survey.survey(2).namespace_exists);
  }
}

TEST_CASE("of many gateways the records are listed, and their own alone as long as they fit into a URL") {
  FakeCluster server;
  for (const char* name : {"a", "z"}) {
    mesh::Record record;
    record.egress = testing::httpbin();
    record.egress.name = name;
    server.store("/api/v1/namespaces/httpbin/configmaps/" + std::string(name) + "-egress",
                 mesh::record_manifest(record, "1.0.0"));
  }
  kube::Cluster cluster(server, {});
  const fleet::FleetSurvey survey(cluster, many);
  REQUIRE(survey.records().size() == 1);
  CHECK(survey.records().front()->parse()["metadata"]["name"].as_string() == "a-egress");
  REQUIRE(asked(server, "configmaps?").size() == 1);
  CHECK(asked(server, "configmaps?").front().find("%20in%20%28") != std::string::npos);
  CHECK(asked(server, "namespaces?").size() == 1);

  std::vector<fleet::GatewayRequest> more;
  for (int i = 0; i < 100; ++i) more.push_back({"gateway-" + std::to_string(i), "httpbin"});
  server.waves.clear();
  const fleet::FleetSurvey all(cluster, more);
  REQUIRE(asked(server, "configmaps?").size() == 1);
  CHECK(asked(server, "configmaps?").front().find("%20in%20") == std::string::npos);
}

TEST_CASE("what a survey says of one more gateway takes no more reading of Istio's settings") {
  FakeCluster server;
  Json& injector = server.objects.at("/api/v1/namespaces/istio-system/configmaps/istio-sidecar-injector");
  injector.edit("data").set("config", std::string(1'000'000, 'x'));
  kube::Cluster cluster(server, {});
  const fleet::FleetSurvey survey(cluster, three);
  survey.survey(0);
  CHECK(testing::count_allocations([&] { survey.survey(1); }).peak < 100'000);
}

TEST_CASE("each wish for a revision finds its own mesh, and one that nobody meets keeps no other") {
  FakeCluster server;
  server.add_istio("1.7.8", "old");
  kube::Cluster cluster(server, {});
  const fleet::FleetSurvey survey(
      cluster,
      {{"a", "httpbin"}, {"b", "httpbin", {.revision = "old"}}, {"c", "httpbin", {.revision = "none"}}});
  CHECK(survey.survey(0).mesh.version == mesh::Version{1, 30, 3});
  CHECK(survey.survey(1).mesh.version == mesh::Version{1, 7, 8});
  CHECK_THROWS_AS(survey.survey(2), Error);
}

TEST_CASE("who may not list namespaces and records still sees each record") {
  FakeCluster server;
  server.store("/api/v1/namespaces/httpbin/configmaps/b-egress", labelled("b-egress", "x", "y"));
  server.fault = [](const http::Request& request) -> std::optional<http::Response> {
    const bool lists = request.target.find("/namespaces?") != std::string::npos ||
                       request.target.find("/configmaps?") != std::string::npos;
    if (!lists) return std::nullopt;
    return testing::status_reply(403, "Forbidden", "you may not");
  };
  kube::Cluster cluster(server, {});
  const fleet::FleetSurvey survey(cluster, many);
  CHECK(survey.records().size() == 1);
  CHECK(survey.survey(1).record.has_value());
  CHECK_FALSE(survey.survey(0).record.has_value());
  CHECK(survey.survey(2).namespace_exists);
  CHECK_FALSE(survey.survey(2).warnings.empty());
}

}  // namespace egress

TEST_SUITE_END();
