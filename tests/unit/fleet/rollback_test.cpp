#include "egress/fleet/rollback.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "egress/base/error.hpp"
#include "support/create_run.hpp"
#include "support/fake_cluster.hpp"
#include "support/mentions.hpp"

TEST_SUITE_BEGIN("fleet");

namespace egress {
namespace {

using testing::callers_path;
using testing::CreateRun;
using testing::deployment_path;
using testing::error_of;
using testing::FakeCluster;
using testing::forbid_writes_to;
using testing::mentions;
using testing::record_path;

}  // namespace

TEST_CASE("a create that is undone leaves what it adopted as it was") {
  FakeCluster server;
  const std::string path = "/api/v1/namespaces/httpbin/services/httpbin-egress";
  server.store(path, object({{"apiVersion", "v1"},
                             {"kind", "Service"},
                             {"metadata", object({{"name", "httpbin-egress"},
                                                  {"namespace", "httpbin"},
                                                  {"labels", object({{"made-by", "helm"}})}})},
                             {"spec", object({{"selector", object({{"app", "theirs"}})}})}}));
  const Json before = server.objects.at(path)["spec"];
  const auto on_listed = server.objects.size();
  CreateRun run(server);
  run.options.adopt = {"service/httpbin-egress"};
  run.prepare();
  server.fault = forbid_writes_to(callers_path);
  CHECK(mentions(error_of([&] { run.write(); }), {"httpbin", "Forbidden", "you may not"}));
  REQUIRE(server.has(path));
  CHECK(server.objects.at(path)["spec"] == before);
  CHECK(server.objects.at(path)["metadata"]["labels"].sorted() == object({{"made-by", "helm"}}));
  CHECK(server.objects.size() == on_listed);

  server.fault = {};
  run.prepare();
  run.write();
  run.resume();
  CHECK_MESSAGE(run.plan.previous.has_value(), "what is adopted by now is no fault of the same command");
}

TEST_CASE("what was adopted and cannot be looked at when it is to be given back is not deleted") {
  FakeCluster server;
  const std::string path = "/api/v1/namespaces/httpbin/services/httpbin-egress";
  server.store(path, object({{"apiVersion", "v1"},
                             {"kind", "Service"},
                             {"metadata", object({{"name", "httpbin-egress"}, {"namespace", "httpbin"}})},
                             {"spec", object({{"type", "ClusterIP"}})}}));
  CreateRun run(server);
  run.options.adopt = {"service/httpbin-egress"};
  run.prepare();
  const auto refuse = forbid_writes_to(callers_path);
  bool failed = false;
  server.fault = [&](const http::Request& request) -> std::optional<http::Response> {
    auto response = refuse(request);
    failed = failed || response.has_value();
    if (failed && request.method == "GET" && request.target == path)
      return testing::status_reply(500, "InternalError", "not now");
    return response;
  };
  CHECK(mentions(error_of([&] { run.write(); }),
                 {"you may not", "not now", "service/httpbin-egress", "kubectl egress"}));
  CHECK(server.has(path));
}

TEST_CASE("a create whose record nobody answered, and that cannot be looked at at once, leaves nothing") {
  FakeCluster server;
  CreateRun run(server);
  run.prepare();
  const auto on_listed = server.objects.size();
  bool inside = false;
  int lost = 0;
  server.fault = [&](const http::Request& request) -> std::optional<http::Response> {
    if (inside || lost == 2 || request.target.find("/configmaps") == std::string::npos) return std::nullopt;
    ++lost;
    inside = true;
    server.send(std::span(&request, 1));
    inside = false;
    http::Response response;
    response.failure = http::Failure::connection_lost;
    return response;
  };
  CHECK(mentions(error_of([&] { run.write(); }), {"httpbin"}));
  CHECK(server.objects.size() == on_listed);
}

TEST_CASE("what no longer belongs to a gateway and does not go leaves it as the form says, and is said") {
  FakeCluster server;
  CreateRun run(server);
  run.egress.network_policy = true;
  run.prepare();
  run.write();
  const std::string policy = "/apis/networking.k8s.io/v1/namespaces/httpbin/networkpolicies/httpbin-egress";
  REQUIRE(server.has(policy));
  run.egress.network_policy = false;
  run.resume();
  server.fault = [&](const http::Request& request) -> std::optional<http::Response> {
    if (request.method != "DELETE") return std::nullopt;
    return testing::status_reply(403, "Forbidden", "you may not");
  };
  CHECK(mentions(error_of([&] { run.write(); }),
                 {"httpbin", "Forbidden", "kubectl egress delete httpbin -n httpbin"}));
  CHECK(server.has(policy));
  CHECK(mesh::read_record(server.objects.at(record_path)).operation == mesh::Operation::apply);
  server.fault = {};
  run.resume();
  run.write();
  CHECK_FALSE(server.has(policy));
  CHECK(mesh::read_record(server.objects.at(record_path)).operation == mesh::Operation::none);
}

TEST_CASE("a change that is undone gives the record's labels back, those of others too") {
  FakeCluster server;
  CreateRun run(server);
  run.egress.labels = object({{"team", "shop"}});
  run.prepare();
  run.write();
  server.objects.at(record_path).edit("metadata").edit("labels").set("cost-center", "7");
  const Json before = server.objects.at(record_path)["metadata"]["labels"].sorted();

  run.egress.labels = object({{"cost-center", "8"}, {"stage", "test"}});
  run.egress.port = 8443;
  run.resume();
  server.fault = forbid_writes_to("serviceentries/httpbin-egress");
  CHECK(mentions(error_of([&] { run.write(); }), {"httpbin", "Forbidden", "you may not"}));
  const Json& record = server.objects.at(record_path);
  CHECK(record["metadata"]["labels"].sorted() == before);
  CHECK(mesh::read_record(record).operation == mesh::Operation::none);

  server.fault = {};
  run.resume();
  run.write();
  const Json& labels = server.objects.at(record_path)["metadata"]["labels"];
  CHECK(labels["cost-center"].as_string() == "8");
  CHECK(labels["stage"].as_string() == "test");
  CHECK_FALSE(labels.has("team"));
}

TEST_CASE("a write that fails half-way is undone, record and all") {
  FakeCluster server;
  CreateRun run(server);
  run.prepare();
  const auto before = server.objects.size();
  server.fault = forbid_writes_to(deployment_path);
  CHECK(mentions(error_of([&] { run.write(); }), {"egressgateway", "httpbin", "Forbidden", "you may not"}));
  CHECK(server.objects.size() == before);
}

TEST_CASE("a connection that is lost, and stays so, leaves the record, and that is said") {
  FakeCluster server;
  CreateRun run(server);
  run.prepare();
  bool down = false;
  server.fault = [&](const http::Request& request) -> std::optional<http::Response> {
    down = down || (request.method == "PATCH" && request.target.find("/deployments/") != std::string::npos);
    if (!down) return std::nullopt;
    http::Response lost;
    lost.failure = http::Failure::timed_out;
    return lost;
  };
  CHECK(mentions(error_of([&] { run.write(); }), {"httpbin", "kubectl egress delete httpbin -n httpbin"}));
  CHECK(server.has(record_path));
  CHECK(server.has("/api/v1/namespaces/httpbin/services/httpbin-egress"));
}

TEST_CASE("a connection that is lost for one request is undone by the next ones") {
  FakeCluster server;
  CreateRun run(server);
  run.prepare();
  const auto before = server.objects.size();
  server.fault = [](const http::Request& request) -> std::optional<http::Response> {
    if (request.method != "PATCH" || request.target.find("/deployments/") == std::string::npos)
      return std::nullopt;
    http::Response lost;
    lost.failure = http::Failure::timed_out;
    return lost;
  };
  CHECK(mentions(error_of([&] { run.write(); }), {"httpbin"}));
  CHECK(server.objects.size() == before);
}

TEST_CASE("--no-rollback leaves what was written, and says how to go on") {
  FakeCluster server;
  CreateRun run(server);
  run.prepare();
  server.fault = forbid_writes_to(deployment_path);
  fleet::ApplyOptions kept;
  kept.rollback = false;
  CHECK(mentions(error_of([&] { run.write(kept); }), {"you may not", "kubectl egress"}));
  CHECK(server.has(record_path));
}

}  // namespace egress

TEST_SUITE_END();
