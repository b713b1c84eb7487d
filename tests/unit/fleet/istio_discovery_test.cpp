#include "egress/fleet/istio_discovery.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "egress/base/error.hpp"
#include "egress/fleet/survey.hpp"
#include "support/fake_cluster.hpp"
#include "support/mentions.hpp"

TEST_SUITE_BEGIN("fleet");

namespace egress {
namespace {

using testing::error_of;
using testing::FakeCluster;
using testing::in_namespace;
using testing::mentions;

const std::string system_path = "/namespaces/istio-system/";
const std::string config_path = "/api/v1/namespaces/istio-system/configmaps/istio";
const std::string injector_path = config_path + "-sidecar-injector";
const std::string istiod_path = "/apis/apps/v1/namespaces/istio-system/deployments/istiod";

fleet::Survey look(FakeCluster& server, const fleet::MeshFlags& flags = {}) {
  kube::Cluster cluster(server, {});
  return fleet::survey(cluster, "httpbin", "httpbin", flags);
}

/// Refuses every request whose target contains one of these.
void forbid(FakeCluster& server, const std::vector<std::string>& parts) {
  server.fault = [=](const http::Request& request) -> std::optional<http::Response> {
    for (const std::string& part : parts)
      if (request.target.find(part) != std::string::npos)
        return testing::status_reply(403, "Forbidden", "jane may not look at " + part);
    return std::nullopt;
  };
}

const std::string list_of_istiods = "app%3Distiod";
const std::string list_of_webhooks = "mutatingwebhookconfigurations";

void remove_istio(FakeCluster& server) {
  std::erase_if(server.objects, [](const auto& one) {
    return one.first.find(system_path) != std::string::npos ||
           one.first.find(list_of_webhooks) != std::string::npos;
  });
}

/// Moves what Istio leaves to another namespace.
void move_istio(FakeCluster& server, const std::string& ns) {
  std::map<std::string, Json> moved;
  for (auto& [path, json] : server.objects) {
    std::string to = path;
    if (const auto at = to.find(system_path); at != std::string::npos) {
      to.replace(at, system_path.size(), "/namespaces/" + ns + "/");
      json.edit("metadata").set("namespace", ns);
    }
    moved[to] = json;
  }
  server.objects = std::move(moved);
}

void set_image(FakeCluster& server, const std::string& image) {
  const Json container = object({{"name", "discovery"}, {"image", image}});
  server.objects[istiod_path]
      .edit("spec")
      .edit("template")
      .edit("spec")
      .set("containers", array({container}));
}

}  // namespace

TEST_CASE("Istio in another namespace is found, with fewer requests if the flag names it") {
  FakeCluster server;
  move_istio(server, "mesh-control");
  const auto found = look(server);
  const std::size_t searched = server.requests().size();
  CHECK(found.mesh.istio_namespace == "mesh-control");
  CHECK(found.warnings.empty());

  server.waves.clear();
  CHECK(look(server, {.ns = "mesh-control"}).mesh.istio_namespace == "mesh-control");
  CHECK(server.requests().size() < searched);
}

TEST_CASE("a shared mesh config is asked for once, and its absence is said") {
  FakeCluster server;
  Json& containers =
      server.objects[istiod_path].edit("spec").edit("template").edit("spec").edit("containers");
  containers =
      array({object({{"name", "discovery"},
                     {"image", "istio/pilot:1.30.3"},
                     {"env", array({object({{"name", "SHARED_MESH_CONFIG"}, {"value", "shared"}})})}})});
  server.store("/api/v1/namespaces/istio-system/configmaps/shared",
               object({{"data", object({{"mesh", "outboundTrafficPolicy: {mode: REGISTRY_ONLY}"}})}}));
  CHECK(look(server).mesh.outbound_policy == "REGISTRY_ONLY");
  const std::string shared = "/api/v1/namespaces/istio-system/configmaps/shared";
  CHECK(std::ranges::count(server.requests(), "GET " + shared) == 1);

  server.objects.erase(shared);
  const auto warnings = look(server).warnings;
  REQUIRE(warnings.size() == 1);
  CHECK(mentions(
      warnings[0],
      {"mesh configuration", testing::any_of({"ConfigMap \"shared\"", "configmap/shared"}), "istio-system"}));
}

TEST_CASE("a cluster without Istio is said plainly, and the flags fill in") {
  FakeCluster server;
  remove_istio(server);
  CHECK(mentions(error_of([&] { look(server); }), {"Deployment", "app=istiod", "--istio-version"}));
  CHECK(mentions(error_of([&] { look(server, {.ns = "mesh"}); }),
                 {"Deployment", "app=istiod", in_namespace("mesh")}));

  const auto said = look(
      server,
      {.version = "1.7", .revision = "canary", .ns = "mesh", .hub = "corp.example/istio", .tag = "1.7.8"});
  CHECK(said.mesh.version == mesh::Version{1, 7, 0});
  CHECK(said.mesh.revision == "canary");
  CHECK(said.mesh.istio_namespace == "mesh");
  CHECK(said.mesh.root_namespace == "mesh");
  CHECK(said.mesh.hub == "corp.example/istio");
  CHECK(said.mesh.tag == "1.7.8");
}

TEST_CASE("a user without permission to read Istio sees the rejected request") {
  FakeCluster server;
  forbid(server, {list_of_istiods, list_of_webhooks, "configmaps/istio"});
  CHECK(mentions(error_of([&] { look(server); }), {"jane may not look at app%3Distiod", "--istio-version"}));
  const auto said = look(server, {.version = "1.30.3", .revision = "canary"});
  CHECK(said.mesh.version == mesh::Version{1, 30, 3});
  CHECK(said.pod_revision() == "canary");
  CHECK(said.warnings.size() == 3);
}

TEST_CASE("what fails otherwise than by permission is not taken for nothing") {
  for (const std::string& part : {list_of_istiods, list_of_webhooks, config_path, injector_path}) {
    CAPTURE(part);
    FakeCluster server;
    server.fault = [part](const http::Request& request) -> std::optional<http::Response> {
      if (!request.target.ends_with(part) && request.target.find(part + "?") == std::string::npos &&
          request.target.find(part + "&") == std::string::npos)
        return std::nullopt;
      return testing::status_reply(500, "InternalError", "etcd is away");
    };
    CHECK_THROWS_WITH(look(server), "etcd is away");
  }
}

TEST_CASE("an istiod that may not be looked at leaves the version to the proxies' tag") {
  FakeCluster server;
  forbid(server, {list_of_istiods});
  const auto survey = look(server);
  CHECK(survey.mesh.version == mesh::Version{1, 30, 3});
  REQUIRE(survey.warnings.size() == 1);
  CHECK(
      mentions(survey.warnings[0], {"Istio 1.30.3", "--istio-version", "jane may not look at app%3Distiod"}));
  CHECK(look(server, {.version = "1.30.3"}).warnings.empty());
}

TEST_CASE("an istiod whose image names no version leaves it to the flag, and the rest is found") {
  FakeCluster server;
  set_image(server, "corp.example/pilot@sha256:0123");
  CHECK(look(server).mesh.version == mesh::Version{1, 30, 3});
  CHECK(look(server).warnings.empty());
  server.store(injector_path, object({{"data", object({{"values", R"({"global": {"network": "east"}})"}})}}));
  CHECK(mentions(error_of([&] { look(server); }),
                 {testing::any_of({"Deployment \"istiod\"", "deployment.apps/istiod"}), "istio-system",
                  "version", "--istio-version"}));
  const auto said = look(server, {.version = "1.29"});
  CHECK(said.mesh.version == mesh::Version{1, 29, 0});
  CHECK(said.mesh.network == "east");
  CHECK(said.warnings.empty());
}

TEST_CASE("an Istio that is too old is refused") {
  FakeCluster server("1.6.14");
  CHECK(mentions(error_of([&] { look(server); }), {"Istio 1.6.14", "1.7.0"}));
}

TEST_CASE("a version in the flag overrides the version of the cluster") {
  FakeCluster server;
  const auto said = look(server, {.version = "1.7.3"});
  CHECK(said.mesh.version == mesh::Version{1, 7, 3});
  CHECK(said.mesh.tag == "1.7.3");
  CHECK_FALSE(said.mesh.gateway_injection());
}

TEST_CASE("settings that are missing or hidden are assumed, and said to be") {
  FakeCluster classic("1.7.3");
  classic.objects.erase(config_path);
  classic.objects.erase(injector_path);
  const auto missing = look(classic);
  CHECK(missing.mesh.version == mesh::Version{1, 7, 3});
  CHECK(testing::each_mentions(
      missing.warnings,
      {{"mesh configuration", "trust domain cluster.local", "ALLOW_ANY",
        testing::any_of({"ConfigMap \"istio\"", "configmap/istio"}), "istio-system"},
       {"cluster domain cluster.local", "docker.io/istio/proxyv2:1.7.3", "--hub", "--tag", "third-party-jwt",
        "istiod", "Kubernetes",
        testing::any_of({"ConfigMap \"istio-sidecar-injector\"", "configmap/istio-sidecar-injector"}),
        "istio-system"}}));
  const auto said = look(classic, {.hub = "corp.example/istio", .tag = "1.7.3"});
  CHECK(said.warnings.back().find("image") == std::string::npos);

  FakeCluster todays;
  forbid(todays, {"configmaps/istio"});
  const auto hidden = look(todays);
  CHECK(hidden.mesh.version == mesh::Version{1, 30, 3});
  CHECK(mentions(hidden.warnings.back(),
                 {"cluster domain cluster.local", "jane may not look at configmaps/istio"}));
}

TEST_CASE("webhooks that may not be looked at hide tags only where one could be meant") {
  FakeCluster server;
  server.add_istio("1.29.1", "1-29");
  forbid(server, {list_of_webhooks});
  CHECK(look(server).warnings.empty());
  CHECK(look(server, {.revision = "1-29"}).pod_revision() == "1-29");
  CHECK(mentions(error_of([&] { look(server, {.revision = "prod"}); }), {"prod", "revision tags"}));

  FakeCluster single;
  forbid(single, {list_of_webhooks});
  const auto survey = look(single, {.revision = "prod"});
  CHECK(survey.pod_revision() == "prod");
  REQUIRE(survey.warnings.size() == 1);
  CHECK(mentions(survey.warnings[0], {"prod", "revision tag", "default", "--istio-revision",
                                      "jane may not look at mutatingwebhookconfigurations"}));
}

TEST_CASE("a namespace that may not be looked at is taken to let Istio inject") {
  FakeCluster server;
  server.fault = [](const http::Request& request) -> std::optional<http::Response> {
    if (request.target != "/api/v1/namespaces/httpbin") return std::nullopt;
    return testing::status_reply(403, "Forbidden", "forbidden to look");
  };
  const auto survey = look(server);
  CHECK(survey.namespace_exists);
  CHECK(survey.pod_revision().empty());
  REQUIRE(survey.warnings.size() == 1);
  CHECK(mentions(survey.warnings[0], {in_namespace("httpbin"), "forbidden to look"}));
}

TEST_CASE("an injector without a gateway template is warned of where Istio has one") {
  FakeCluster server;
  server.store(injector_path,
               object({{"data", object({{"values", "{}"}, {"config", "templates: {sidecar: a}"}})}}));
  const auto survey = look(server);
  CHECK_FALSE(survey.mesh.gateway_injection());
  REQUIRE(survey.warnings.size() == 1);
  CHECK(mentions(survey.warnings[0], {"Istio 1.30.3", "template", "gateway", "1.10"}));
}

TEST_CASE("one revision in two namespaces has to be selection from") {
  FakeCluster server;
  Json second = server.objects.at(istiod_path);
  second.edit("metadata").set("namespace", "mesh-two");
  server.store("/apis/apps/v1/namespaces/mesh-two/deployments/istiod", second);
  CHECK(mentions(error_of([&] { look(server); }), {"revision", "default", "istio-system", "mesh-two"}));
  CHECK(look(server, {.ns = "mesh-two"}).mesh.istio_namespace == "mesh-two");
}

TEST_CASE("a webhook whose istiod is deleted is reported if the version is unknown") {
  FakeCluster server;
  server.add_revision_tag("default", "1-28");
  CHECK(mentions(error_of([&] { look(server); }), {"Deployment", "app=istiod", "istio.io/rev=1-28"}));
}

}  // namespace egress

TEST_SUITE_END();
