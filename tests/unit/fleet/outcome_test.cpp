#include "egress/fleet/outcome.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "egress/kube/api_error.hpp"
#include "support/applied_gateway.hpp"
#include "support/create_run.hpp"
#include "support/fake_cluster.hpp"

TEST_SUITE_BEGIN("fleet");

namespace egress {
namespace {

using fleet::OperationFailed;
using fleet::Outcome;
using testing::AppliedGateway;
using testing::callers_path;
using testing::CreateRun;
using testing::deployment_path;
using testing::FakeCluster;
using testing::forbid_writes_to;
using testing::record_path;
using Result = Outcome::Result;
using Stage = Outcome::Stage;

/// The failure of a command that has to fail.
OperationFailed failure_of(const std::function<void()>& command) {
  std::optional<OperationFailed> failure;
  try {
    command();
  } catch (const OperationFailed& error) {
    failure = error;
  }
  REQUIRE(failure.has_value());
  return *failure;
}

std::vector<std::string> labels(const std::vector<mesh::Reference>& references) {
  std::vector<std::string> all;
  for (const mesh::Reference& one : references) all.push_back(one.display_name());
  return all;
}

bool names(const std::vector<mesh::Reference>& references, const std::string& label) {
  return std::ranges::find(references, label, &mesh::Reference::display_name) != references.end();
}

/// Every object that exists under its path, and no other.
void check_exact(const std::vector<mesh::Reference>& references, const FakeCluster& server,
                 std::size_t others) {
  CAPTURE(labels(references).size());
  for (const mesh::Reference& one : references)
    CHECK_MESSAGE(server.has(one.resource.path(one.ns, one.name)), one.display_name());
  CHECK(server.objects.size() == others + references.size());
}

/// From the first request on that `begins`, no answer comes any more.
FakeCluster::Fault lose_connection_when(const std::function<bool(const http::Request&)>& begins) {
  return [begins, down = false](const http::Request& request) mutable -> std::optional<http::Response> {
    down = down || begins(request);
    if (!down) return std::nullopt;
    http::Response lost;
    lost.failure = http::Failure::timed_out;
    return lost;
  };
}

bool is_write_of(const http::Request& request, const std::string& path) {
  return request.method != "GET" && request.target.starts_with(path);
}

}  // namespace

TEST_CASE("outcome: a create that is refused half-way is rolled back, and says what it wrote") {
  FakeCluster server;
  CreateRun run(server);
  run.prepare();
  const std::size_t before = server.objects.size();
  server.fault = forbid_writes_to(callers_path);
  const OperationFailed failure = failure_of([&] { run.write(); });
  CHECK(failure.reason() == "Forbidden");
  CHECK(failure.outcome().result == Result::rolled_back);
  CHECK(failure.outcome().stage == Stage::route);
  CHECK(labels(failure.outcome().written).front() == "configmap/httpbin-egress");
  CHECK(names(failure.outcome().written, "deployment.apps/httpbin-egress"));
  CHECK_FALSE(names(failure.outcome().written, "virtualservice.networking.istio.io/httpbin-egress"));
  CHECK(failure.outcome().rolled_back.size() == failure.outcome().written.size());
  CHECK(failure.outcome().remaining.empty());
  CHECK(server.objects.size() == before);
}

TEST_CASE("outcome: a record that is refused leaves the server unchanged") {
  FakeCluster server;
  CreateRun run(server);
  run.prepare();
  server.fault = [](const http::Request& request) -> std::optional<http::Response> {
    if (request.method != "POST") return std::nullopt;
    return testing::status_reply(403, "Forbidden", "you may not");
  };
  const OperationFailed failure = failure_of([&] { run.write(); });
  CHECK(failure.reason() == "Forbidden");
  CHECK(failure.outcome().result == Result::unchanged);
  CHECK(failure.outcome().stage == Stage::lock);
  CHECK(failure.outcome().written.empty());
}

TEST_CASE("outcome: --no-rollback leaves exactly what is listed as remaining") {
  FakeCluster server;
  CreateRun run(server);
  run.prepare();
  const std::size_t before = server.objects.size();
  server.fault = forbid_writes_to(deployment_path);
  const OperationFailed failure = failure_of([&] { run.write({.rollback = false}); });
  CHECK(failure.outcome().result == Result::incomplete);
  CHECK(failure.outcome().stage == Stage::write);
  CHECK(failure.outcome().rolled_back.empty());
  check_exact(failure.outcome().remaining, server, before);
}

TEST_CASE("outcome: pods that are not ready leave all but the callers' route") {
  FakeCluster server;
  server.pods_ready = false;
  CreateRun run(server);
  run.prepare();
  const std::size_t before = server.objects.size();
  const OperationFailed failure = failure_of([&] { run.write({.timeout = std::chrono::milliseconds(50)}); });
  CHECK(failure.reason() == "PodsNotReady");
  CHECK(failure.outcome().result == Result::incomplete);
  CHECK(failure.outcome().stage == Stage::wait);
  check_exact(failure.outcome().remaining, server, before);
}

TEST_CASE("outcome: a create that goes on and fails lists what an earlier run wrote, too") {
  FakeCluster server;
  server.pods_ready = false;
  CreateRun run(server);
  run.prepare();
  const std::size_t before = server.objects.size();
  failure_of([&] { run.write({.timeout = std::chrono::milliseconds(50)}); });
  run.resume();
  server.fault = forbid_writes_to("/services/httpbin-egress");
  const OperationFailed failure = failure_of([&] { run.write(); });
  CHECK(failure.outcome().result == Result::incomplete);
  check_exact(failure.outcome().remaining, server, before);
}

TEST_CASE("outcome: a change that is refused is rolled back to the state before") {
  FakeCluster server;
  CreateRun run(server);
  run.prepare();
  run.write();
  run.egress.port = 8443;
  run.resume();
  const Json before = server.objects.at(callers_path);
  server.fault = forbid_writes_to("serviceentries/httpbin-egress");
  const OperationFailed failure = failure_of([&] { run.write(); });
  CHECK(failure.outcome().result == Result::rolled_back);
  CHECK(failure.outcome().remaining.empty());
  CHECK(names(failure.outcome().rolled_back, "configmap/httpbin-egress"));
  CHECK(server.objects.at(callers_path)["spec"] == before["spec"]);
}

TEST_CASE("outcome: a connection that is lost for good leaves what may exist") {
  FakeCluster server;
  CreateRun run(server);
  run.prepare();
  server.fault = lose_connection_when(
      [](const http::Request& request) { return is_write_of(request, deployment_path); });
  const OperationFailed failure = failure_of([&] { run.write(); });
  CHECK(failure.reason() == "Unreachable");
  CHECK(failure.outcome().result == Result::unknown);
  CHECK(names(failure.outcome().remaining, "configmap/httpbin-egress"));
  CHECK(names(failure.outcome().remaining, "service/httpbin-egress"));
  CHECK(names(failure.outcome().remaining, "deployment.apps/httpbin-egress"));
  CHECK_FALSE(names(failure.outcome().remaining, "virtualservice.networking.istio.io/httpbin-egress"));
}

TEST_CASE("outcome: of two runs at one name, the second has lost the lock and changed nothing") {
  FakeCluster server;
  CreateRun first(server);
  CreateRun second(server);
  first.prepare();
  second.prepare();
  first.write();
  const OperationFailed failure = failure_of([&] { second.write(); });
  CHECK(failure.reason() == "LockLost");
  CHECK(failure.outcome().result == Result::unchanged);
  CHECK(failure.outcome().stage == Stage::lock);
  CHECK(failure.outcome().continue_with == "kubectl egress inspect httpbin -n httpbin");
}

TEST_CASE("outcome: a create whose record is deleted meanwhile is rolled back") {
  FakeCluster server;
  const std::size_t before = server.objects.size();
  CreateRun run(server);
  run.prepare();
  server.fault = [&](const http::Request& request) -> std::optional<http::Response> {
    if (is_write_of(request, callers_path) && request.target.find("dryRun") == std::string::npos)
      server.objects.erase(record_path);
    return std::nullopt;
  };
  const OperationFailed failure = failure_of([&] { run.write(); });
  CHECK(failure.reason() == "LockLost");
  CHECK(failure.outcome().result == Result::rolled_back);
  CHECK(server.objects.size() == before);
}

TEST_CASE("outcome: a create whose objects another run deletes lists all of them as rolled back") {
  FakeCluster server;
  CreateRun run(server);
  run.prepare();
  const auto before = server.objects;
  server.fault = [&](const http::Request& request) -> std::optional<http::Response> {
    if (is_write_of(request, callers_path) && request.target.find("dryRun") == std::string::npos)
      server.objects = before;
    return std::nullopt;
  };
  const OperationFailed failure = failure_of([&] { run.write(); });
  CHECK(failure.reason() == "LockLost");
  CHECK(failure.outcome().result == Result::rolled_back);
  CHECK_FALSE(failure.outcome().rolled_back.empty());
  CHECK(labels(failure.outcome().rolled_back) == labels(failure.outcome().written));
}

TEST_CASE("outcome: an obsolete object that is not deleted is among what remains") {
  FakeCluster server;
  CreateRun run(server);
  run.egress.network_policy = true;
  run.prepare();
  run.write();
  run.egress.network_policy = false;
  run.resume();
  server.fault = [](const http::Request& request) -> std::optional<http::Response> {
    if (request.method != "DELETE") return std::nullopt;
    return testing::status_reply(403, "Forbidden", "you may not");
  };
  const OperationFailed failure = failure_of([&] { run.write(); });
  CHECK(failure.reason() == "Forbidden");
  CHECK(failure.outcome().stage == Stage::cleanup);
  CHECK(failure.outcome().result == Result::incomplete);
  CHECK(names(failure.outcome().remaining, "networkpolicy.networking.k8s.io/httpbin-egress"));
}

TEST_CASE("outcome: a namespace that was made for a gateway remains") {
  FakeCluster server;
  CreateRun run(server);
  run.prepare();
  server.fault = forbid_writes_to(deployment_path);
  const OperationFailed failure = failure_of([&] { run.write({.created_namespace = true}); });
  CHECK(failure.outcome().result == Result::incomplete);
  CHECK(labels(failure.outcome().remaining) == std::vector<std::string>{"namespace/httpbin"});
}

TEST_CASE("outcome: a check names each missing permission") {
  FakeCluster server;
  CreateRun run(server);
  server.fault = [](const http::Request& request) -> std::optional<http::Response> {
    if (request.target.find("selfsubjectaccessreviews") == std::string::npos) return std::nullopt;
    const bool is_it = request.body.find("\"deployments\"") != std::string::npos &&
                       request.body.find("\"patch\"") != std::string::npos;
    http::Response response;
    response.status = 201;
    response.body = object({{"status", object({{"allowed", !is_it}})}}).dump();
    return response;
  };
  std::vector<Cause> causes;
  try {
    run.prepare();
  } catch (const Error& error) {
    CHECK(error.reason() == "Forbidden");
    causes = error.causes();
  }
  REQUIRE(causes.size() == 1);
  CHECK(causes[0].reason == "Forbidden");
  CHECK(causes[0].verb == "patch");
  CHECK(causes[0].resource == "deployments.apps");
  CHECK(causes[0].ns == "httpbin");
}

TEST_CASE("outcome: what the server forbids names the permission") {
  FakeCluster server;
  server.fault = [](const http::Request&) {
    http::Response response = testing::status_reply(403, "Forbidden", "no");
    Json status = Json::parse(response.body);
    status.set("details", object({{"kind", "deployments"}, {"group", "apps"}}));
    response.body = status.dump();
    return response;
  };
  kube::Cluster cluster(server, {});
  const kube::Answer answer = cluster.send(kube::list({kube::kinds::deployment}, "httpbin"));
  REQUIRE(answer.error.has_value());
  REQUIRE(answer.error->causes().size() == 1);
  CHECK(answer.error->causes()[0].verb == "list");
  CHECK(answer.error->causes()[0].resource == "deployments.apps");
}

TEST_CASE("outcome: a delete says what it deleted, and that nothing remains") {
  AppliedGateway gateway;
  const auto record = fleet::read_records(gateway.cluster, {"httpbin"}, "httpbin").front().value();
  const Outcome outcome = fleet::delete_with_outcome(gateway.cluster, record, {}, {});
  CHECK(outcome.result == Result::succeeded);
  CHECK(outcome.deleted.size() == 15);
  CHECK(outcome.remaining.empty());
  CHECK_FALSE(outcome.stage.has_value());
}

TEST_CASE("outcome: a delete that is refused says at which stage, and what remains") {
  struct Refused {
    std::string path;
    Stage stage;
    std::size_t deleted;
  };
  for (const Refused& refused :
       {Refused{callers_path, Stage::unroute, 0}, Refused{deployment_path, Stage::remove, 4},
        Refused{record_path, Stage::finish, 14}}) {
    CAPTURE(refused.path);
    AppliedGateway gateway;
    const auto record = fleet::read_records(gateway.cluster, {"httpbin"}, "httpbin").front().value();
    gateway.server.fault = [&](const http::Request& request) -> std::optional<http::Response> {
      if (request.method != "DELETE" || request.target != refused.path) return std::nullopt;
      return testing::status_reply(403, "Forbidden", "you may not");
    };
    const OperationFailed failure =
        failure_of([&] { fleet::delete_with_outcome(gateway.cluster, record, {}, {}); });
    CHECK(failure.reason() == "Forbidden");
    CHECK(failure.outcome().result == Result::incomplete);
    CHECK(failure.outcome().stage == refused.stage);
    CHECK(failure.outcome().deleted.size() == refused.deleted);
    check_exact(failure.outcome().remaining, gateway.server, gateway.initial_object_count);
  }
}

TEST_CASE("outcome: a delete whose record may not be marked has changed nothing") {
  AppliedGateway gateway;
  const auto record = fleet::read_records(gateway.cluster, {"httpbin"}, "httpbin").front().value();
  gateway.server.fault = [&](const http::Request& request) -> std::optional<http::Response> {
    if (!is_write_of(request, record_path)) return std::nullopt;
    return testing::status_reply(403, "Forbidden", "you may not");
  };
  const OperationFailed failure =
      failure_of([&] { fleet::delete_with_outcome(gateway.cluster, record, {}, {}); });
  CHECK(failure.outcome().result == Result::unchanged);
  CHECK(failure.outcome().stage == Stage::lock);
  CHECK(failure.outcome().remaining.empty());
}

TEST_CASE("outcome: a delete that loses the connection lists what may remain") {
  AppliedGateway gateway;
  const auto record = fleet::read_records(gateway.cluster, {"httpbin"}, "httpbin").front().value();
  gateway.server.fault = lose_connection_when(
      [](const http::Request& request) { return is_write_of(request, deployment_path); });
  const OperationFailed failure =
      failure_of([&] { fleet::delete_with_outcome(gateway.cluster, record, {}, {}); });
  CHECK(failure.reason() == "Unreachable");
  CHECK(failure.outcome().result == Result::unknown);
  CHECK(names(failure.outcome().remaining, "deployment.apps/httpbin-egress"));
  CHECK(names(failure.outcome().remaining, "configmap/httpbin-egress"));
  CHECK_FALSE(names(failure.outcome().remaining, "virtualservice.networking.istio.io/httpbin-egress"));
}

TEST_CASE("outcome: a delete that does not wait lists what is on its way") {
  AppliedGateway gateway;
  const std::string service = "/api/v1/namespaces/httpbin/services/httpbin-egress";
  gateway.server.fault = [&](const http::Request& request) -> std::optional<http::Response> {
    if (request.method != "DELETE" || request.target != service) return std::nullopt;
    http::Response response;
    response.status = 200;
    response.body = gateway.server.objects[service].dump();
    return response;
  };
  const auto record = fleet::read_records(gateway.cluster, {"httpbin"}, "httpbin").front().value();
  const Outcome outcome = fleet::delete_with_outcome(gateway.cluster, record, {.wait = false}, {});
  CHECK(outcome.result == Result::incomplete);
  CHECK(labels(outcome.remaining) ==
        std::vector<std::string>{"service/httpbin-egress", "configmap/httpbin-egress"});
}

}  // namespace egress

TEST_SUITE_END();
