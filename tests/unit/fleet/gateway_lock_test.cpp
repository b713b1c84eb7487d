#include "egress/fleet/gateway_lock.hpp"

#include <doctest/doctest.h>

#include <map>

#include "support/create_run.hpp"
#include "support/mentions.hpp"

TEST_SUITE_BEGIN("fleet");

namespace egress {

using testing::callers_path;
using testing::CreateRun;
using testing::deployment_path;
using testing::FakeCluster;
using testing::record_path;

TEST_CASE("a run that lost its hold while it was slow does not write over what the others wrote") {
  FakeCluster server;
  CreateRun made(server);
  made.prepare();
  made.write();
  CreateRun slow(server);
  slow.resume();
  for (mesh::Object& one : slow.plan.objects) one.unchanged = false;
  const std::string route = "/apis/networking.istio.io/v1/namespaces/httpbin/gateways/httpbin-egress";
  bool meddled = false;
  server.fault = [&](const http::Request& request) -> std::optional<http::Response> {
    if (request.method != "PATCH" || !request.target.starts_with(route + "?") || meddled) return std::nullopt;
    // Between this run's last look and its write, another one takes the record and writes all of it.
    meddled = true;
    Json record = server.objects.at(record_path);
    record.edit("metadata").edit("annotations").set("kubectl-egress/run", "another");
    server.store(record_path, record);
    Json theirs = server.objects.at(route);
    theirs.set("spec", "theirs");
    server.store(route, theirs);
    return std::nullopt;
  };
  CHECK(testing::mentions(testing::error_of([&] { slow.write(); }), {"httpbin", "another command"}));
  CHECK(meddled);
  CHECK(server.objects.at(route)["spec"].as_string() == "theirs");
}

TEST_CASE("a run that continues gives every object a new version and leaves no mark") {
  FakeCluster server;
  CreateRun made(server);
  made.prepare();
  made.write();
  Json record = server.objects.at(record_path);
  record.edit("metadata").edit("annotations").set("kubectl-egress/operation", "apply");
  server.store(record_path, record);
  std::map<std::string, std::string> versions;
  for (const auto& [path, object] : server.objects)
    versions[path] = object["metadata"]["resourceVersion"].as_string();
  CreateRun successor(server);
  successor.resume();
  successor.write();
  for (const mesh::Object& one : successor.plan.objects) {
    const std::string path = one.reference.resource.path(one.reference.ns, one.reference.name);
    CAPTURE(path);
    const Json& metadata = server.objects.at(path)["metadata"];
    CHECK(metadata["resourceVersion"].as_string() != versions[path]);
    CHECK(metadata["annotations"]["kubectl-egress/taken-over"].is_null());
  }
}

TEST_CASE("an object whose status somebody writes meanwhile is written all the same") {
  FakeCluster server;
  CreateRun made(server);
  made.prepare();
  made.write();
  CreateRun again(server);
  again.resume();
  for (mesh::Object& one : again.plan.objects) one.unchanged = false;
  int moved = 0;
  server.fault = [&](const http::Request& request) -> std::optional<http::Response> {
    if (request.method == "PATCH" && request.target.starts_with(deployment_path + "?") && moved++ < 2)
      server.store(deployment_path, server.objects.at(deployment_path));
    return std::nullopt;
  };
  again.write();
  CHECK(moved == 3);
}

TEST_CASE("a lost answer to the last write does not roll back the gateway") {
  FakeCluster server;
  CreateRun run(server);
  run.prepare();
  int settled = 0;
  server.fault = [&](const http::Request& request) -> std::optional<http::Response> {
    if (request.method != "PATCH" || !request.target.starts_with(record_path + "?") || settled++ > 0)
      return std::nullopt;
    server.fault = {};
    kube::Cluster(server, {})
        .send(kube::Call{.method = "PATCH", .target = request.target, .body = request.body});
    http::Response lost;
    lost.failure = http::Failure::timed_out;
    return lost;
  };
  run.write();
  CHECK(mesh::read_record(server.objects.at(record_path)).operation == mesh::Operation::none);
  CHECK(server.has(callers_path));
}

}  // namespace egress

TEST_SUITE_END();
