#include "egress/fleet/delete_preflight.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "egress/base/error.hpp"
#include "egress/fleet/deletion.hpp"
#include "egress/fleet/inventory.hpp"
#include "support/create_run.hpp"
#include "support/mentions.hpp"

TEST_SUITE_BEGIN("fleet");

namespace egress {
namespace {

using testing::CreateRun;
using testing::error_of;
using testing::FakeCluster;
using testing::in_namespace;
using testing::mentions;

std::vector<mesh::Record> records_of(kube::Cluster& cluster) {
  std::vector<mesh::Record> records;
  for (auto& one : fleet::read_records(cluster, {"httpbin"}, "httpbin")) records.push_back(std::move(*one));
  return records;
}

/// Refuses that verb on that resource, and is asked for every other one.
FakeCluster::Fault without(const std::string& verb, const std::string& plural) {
  return [=](const http::Request& request) -> std::optional<http::Response> {
    const bool meant = request.body.find("\"verb\":\"" + verb + "\"") != std::string::npos &&
                       request.body.find("\"resource\":\"" + plural + "\"") != std::string::npos;
    if (!meant) return std::nullopt;
    http::Response response;
    response.status = 201;
    response.body = R"({"status": {"allowed": false}})";
    return response;
  };
}

/// How many permissions the server was asked for.
long reviewed(const FakeCluster& server) {
  return std::ranges::count_if(
      server.requests(), [](const std::string& one) { return one.ends_with("/selfsubjectaccessreviews"); });
}

}  // namespace

TEST_CASE("missing permissions for a delete are reported before anything is deleted") {
  FakeCluster server;
  const std::size_t before = server.objects.size();
  CreateRun run(server);
  run.prepare();
  run.write();
  auto records = records_of(run.cluster);
  const std::vector<std::pair<std::string, std::string>> needed = {
      {"delete", "deployments"}, {"get", "services"}, {"patch", "configmaps"}};
  for (const auto& lacking : needed) {
    // clang captures no structured bindings in C++20, and CAPTURE is a lambda.
    const std::string& verb = lacking.first;
    const std::string& plural = lacking.second;
    CAPTURE(verb);
    server.fault = without(verb, plural);
    CHECK(mentions(error_of([&] { fleet::check_deletion(run.cluster, records); }),
                   {verb + " " + plural, in_namespace("httpbin")}));
  }
  // What the gateway has none of need not be allowed.
  server.fault = without("delete", "networkpolicies");
  fleet::check_deletion(run.cluster, records);
  CHECK_MESSAGE(fleet::delete_gateway(run.cluster, records.front(), {}, {}), "and the deletion is done");
  CHECK(server.objects.size() == before);
}

TEST_CASE("who may delete just these objects, by their names, may") {
  FakeCluster server;
  CreateRun run(server);
  run.prepare();
  run.write();
  auto records = records_of(run.cluster);
  server.fault = [](const http::Request& request) -> std::optional<http::Response> {
    if (!request.target.ends_with("/selfsubjectaccessreviews")) return std::nullopt;
    const bool named = request.body.find(R"("name":"httpbin-egress)") != std::string::npos;
    http::Response response;
    response.status = 201;
    response.body = named ? R"({"status": {"allowed": true}})" : R"({"status": {"allowed": false}})";
    return response;
  };
  fleet::check_deletion(run.cluster, records);
  REQUIRE(reviewed(server) > 0);
  // Without the names it may not.
  server.fault = without("delete", "deployments");
  CHECK_THROWS_AS(fleet::check_deletion(run.cluster, records), Error);
}

TEST_CASE("what bears a gateway's label goes with it, though its record does not name it") {
  FakeCluster server;
  const std::size_t before = server.objects.size();
  CreateRun run(server);
  run.prepare();
  run.write();
  Json stray = server.objects.at(testing::callers_path);
  stray.edit("metadata").set("name", "stray");
  stray.edit("metadata").set("managedFields", testing::managed_fields_of("kubectl-egress"));
  server.store("/apis/networking.istio.io/v1/namespaces/httpbin/virtualservices/stray", stray);
  auto records = records_of(run.cluster);
  fleet::check_deletion(run.cluster, records);
  CHECK(records.front().members.back().name == "stray");
  fleet::delete_gateway(run.cluster, records.front(), {}, {});
  CHECK(server.objects.size() == before);
}

TEST_CASE("a kind that may not be listed keeps nobody from deleting") {
  FakeCluster server;
  CreateRun run(server);
  run.prepare();
  run.write();
  auto records = records_of(run.cluster);
  server.fault = [](const http::Request& request) -> std::optional<http::Response> {
    if (request.method != "GET" || request.target.find("labelSelector=") == std::string::npos)
      return std::nullopt;
    return testing::status_reply(403, "Forbidden", "you may not list");
  };
  const auto members = records.front().members;
  fleet::check_deletion(run.cluster, records);
  CHECK(records.front().members == members);
  CHECK(fleet::delete_gateway(run.cluster, records.front(), {}, {}));
  CHECK_FALSE(server.has(testing::deployment_path));
}

}  // namespace egress

TEST_SUITE_END();
