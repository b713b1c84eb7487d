#include "egress/fleet/object_writer.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "egress/base/error.hpp"
#include "support/create_run.hpp"
#include "support/mentions.hpp"

TEST_SUITE_BEGIN("fleet");

namespace egress {
namespace {

using testing::callers_path;
using testing::CreateRun;
using testing::deployment_path;
using testing::FakeCluster;
using testing::forbid_writes_to;
using testing::in_namespace;
using testing::mentions;
using testing::record_path;

const std::string service_path = "/api/v1/namespaces/httpbin/services/httpbin-egress";
const std::string entry_path =
    "/apis/networking.istio.io/v1/namespaces/httpbin/serviceentries/httpbin-egress";
/// The error about an object that others created in place of the gateway's.
const std::vector<std::string> others{"service/httpbin-egress", in_namespace("httpbin")};

/// A Service of the name that nobody here made.
Json foreign_service() {
  return object({{"apiVersion", "v1"},
                 {"kind", "Service"},
                 {"metadata", object({{"name", "httpbin-egress"},
                                      {"namespace", "httpbin"},
                                      {"labels", object({{"made-by", "helm"}})}})},
                 {"spec", object({{"selector", object({{"app", "theirs"}})}})}});
}

/// A hook for the fake server: another user acts before the first write of the object that is not a dry run.
FakeCluster::Fault before_write_of(const std::string& path, const std::function<void()>& something) {
  return [=, done = false](const http::Request& request) mutable -> std::optional<http::Response> {
    const bool dry = request.target.find("dryRun=All") != std::string::npos;
    if (done || dry || request.method != "PATCH" || !request.target.starts_with(path + "?"))
      return std::nullopt;
    done = true;
    something();
    return std::nullopt;
  };
}

/// Somebody deletes the gateway's Service, and makes one of the name.
void replace_service(FakeCluster& server) {
  server.erase(service_path);
  server.store(service_path, foreign_service());
}

/// What a command says that fails.
std::string failure_of(CreateRun& run) {
  return testing::error_of([&] { run.write(); });
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("what somebody makes between the check and the write is his, and the rest is undone") {
  FakeCluster server;
  CreateRun run(server);
  run.prepare();
  const auto before = server.objects.size();
  Json theirs;
  server.fault = before_write_of(service_path, [&] {
    server.store(service_path, foreign_service());
    theirs = server.objects.at(service_path);
  });
  const std::string said = failure_of(run);
  CHECK(mentions(said, others));
  CHECK(server.objects.size() == before + 1);
  CHECK(server.objects.at(service_path) == theirs);
}

TEST_CASE("what the server made although its answer was lost is this run's, and written once more") {
  FakeCluster server;
  CreateRun run(server);
  run.prepare();
  bool lost = false;
  server.fault = [&](const http::Request& request) -> std::optional<http::Response> {
    if (lost || request.method != "PATCH" || !request.target.starts_with(service_path + "?"))
      return std::nullopt;
    // As it is when the transport sends a request again whose connection broke.
    lost = true;
    server.send(std::span(&request, 1));
    return std::nullopt;
  };
  run.write();
  CHECK(lost);
  CHECK(server.has(service_path));
  CHECK(mesh::read_record(server.objects.at(record_path)).operation == mesh::Operation::none);
}

TEST_CASE("a member that somebody replaced is not written over, and the change is undone around it") {
  FakeCluster server;
  CreateRun run(server);
  run.prepare();
  run.write();
  const Json entry = server.objects.at(entry_path)["spec"];
  run.egress.port = 8443;
  run.resume();
  for (mesh::Object& one : run.plan.objects) one.unchanged = false;
  Json theirs;
  server.fault = before_write_of(service_path, [&] {
    replace_service(server);
    theirs = server.objects.at(service_path);
  });
  const std::string said = failure_of(run);
  CHECK(mentions(said, others));
  CHECK(server.objects.at(service_path) == theirs);
  CHECK(server.objects.at(entry_path)["spec"] == entry);
  CHECK(mesh::read_record(server.objects.at(record_path)).operation == mesh::Operation::none);
}

TEST_CASE("a member that somebody replaces once it was written is not given back over his") {
  FakeCluster server;
  CreateRun run(server);
  run.prepare();
  run.write();
  run.egress.port = 8443;
  run.options.force = true;
  run.resume();
  for (mesh::Object& one : run.plan.objects) one.unchanged = false;
  Json theirs;
  const auto refuse = forbid_writes_to(callers_path);
  server.fault = [&](const http::Request& request) {
    auto response = refuse(request);
    if (response) replace_service(server);
    if (response) theirs = server.objects.at(service_path);
    return response;
  };
  const std::string said = failure_of(run);
  CHECK(mentions(said, others));
  CHECK(mentions(said, {"Forbidden", "you may not"}));
  CHECK(server.objects.at(service_path) == theirs);
}

TEST_CASE("a member that somebody deletes once it was written is made anew as it was") {
  FakeCluster server;
  CreateRun run(server);
  run.prepare();
  run.write();
  server.objects.at(service_path)
      .edit("metadata")
      .set("managedFields", testing::managed_fields_of("kubectl-egress"));
  run.egress.port = 8443;
  run.resume();
  for (mesh::Object& one : run.plan.objects) one.unchanged = false;
  std::string restoring;
  const auto refuse = forbid_writes_to(callers_path);
  server.fault = [&](const http::Request& request) {
    auto response = refuse(request);
    if (response) server.erase(service_path);
    if (request.method == "PATCH" && request.target.starts_with(service_path + "?")) restoring = request.body;
    return response;
  };
  CHECK(mentions(failure_of(run), {"Forbidden", "you may not"}));
  CHECK(server.has(service_path));
  CHECK_MESSAGE(has(restoring, "\"deletionGracePeriodSeconds\""), "nobody else's is taken for it");
}

TEST_CASE("what was to be adopted and is another object by now is not taken over") {
  FakeCluster server;
  server.store(service_path, foreign_service());
  CreateRun run(server);
  run.options.adopt = {"service/httpbin-egress"};
  run.prepare();
  const auto before = server.objects.size();
  Json theirs;
  server.fault = before_write_of(service_path, [&] {
    replace_service(server);
    theirs = server.objects.at(service_path);
  });
  CHECK(mentions(failure_of(run), others));
  CHECK(server.objects.at(service_path) == theirs);
  CHECK(server.objects.size() == before);
}

TEST_CASE("nothing is taken away from what somebody made in a member's place") {
  FakeCluster server;
  CreateRun run(server);
  run.prepare();
  run.write();
  run.resume();
  const auto service = std::ranges::find(run.plan.objects, service_path, [](const mesh::Object& one) {
    return one.reference.resource.path(one.reference.ns, one.reference.name);
  });
  REQUIRE(service != run.plan.objects.end());
  service->unchanged = false;
  service->leftovers = array({object({{"op", "remove"}, {"path", "/spec/selector"}})});
  Json theirs;
  server.fault = before_write_of(service_path, [&] {
    replace_service(server);
    theirs = server.objects.at(service_path);
  });
  CHECK(mentions(failure_of(run), others));
  CHECK(server.objects.at(service_path) == theirs);
}

TEST_CASE("a create that continues does not list an object of others as its own") {
  FakeCluster server;
  server.pods_ready = false;
  CreateRun run(server);
  run.prepare();
  CHECK_THROWS_AS(run.write({true, std::chrono::milliseconds(50)}), Error);
  run.resume();
  server.fault = before_write_of(service_path, [&] { replace_service(server); });
  const std::string said = failure_of(run);
  // The objects that may exist are listed behind the reason.
  const std::string list = said.substr(said.find("service/httpbin-egress") + 1);
  CHECK(mentions(said, others));
  CHECK(has(list, "deployment.apps/httpbin-egress"));
  CHECK_FALSE(has(list, "\n  service/httpbin-egress"));
}

TEST_CASE(
    "pods stay as many as there are when they are written, and not as many as were when it was checked") {
  FakeCluster server;
  CreateRun run(server);
  run.prepare();
  run.write();
  const auto applied = [](const std::string& more) {
    return array({object({{"manager", "kubectl-egress"},
                          {"operation", "Apply"},
                          {"fieldsV1", Json::parse(R"({"f:spec": {"f:template": {})" + more + "}}")}})});
  };
  Json& deployment = server.objects.at(deployment_path);
  deployment.edit("spec").set("replicas", 2);
  deployment.edit("metadata").set("managedFields", applied(R"(, "f:replicas": {})"));
  REQUIRE_FALSE(server.objects.at(deployment_path)["spec"]["replicas"].is_null());
  // Somebody scales it between the check and the write, by the same field or by taking it over.
  for (const bool taken_over : {false, true}) {
    CAPTURE(taken_over);
    run.egress.workload.hub = taken_over ? "one.example.org" : "other.example.org";
    run.resume();
    Json written;
    const auto scale = before_write_of(deployment_path, [&] {
      Json scaled = server.objects.at(deployment_path);
      scaled.edit("spec").set("replicas", 4);
      scaled.edit("metadata").set("managedFields", applied(taken_over ? "" : R"(, "f:replicas": {})"));
      server.store(deployment_path, scaled);
    });
    server.fault = [&, scale](const http::Request& request) mutable -> std::optional<http::Response> {
      const bool dry = request.target.find("dryRun=All") != std::string::npos;
      if (!dry && request.method == "PATCH" && request.target.starts_with(deployment_path + "?"))
        written = Json::parse(request.body);
      return scale(request);
    };
    run.write({false, {}});
    CHECK(written["spec"]["replicas"] == (taken_over ? Json() : Json(4)));
    server.fault = {};
    Json& stands = server.objects.at(deployment_path);
    stands.edit("spec").set("replicas", 4);
    stands.edit("metadata").set("managedFields", applied(R"(, "f:replicas": {})"));
  }
}

}  // namespace egress

TEST_SUITE_END();
