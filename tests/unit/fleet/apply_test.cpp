#include "egress/fleet/apply.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "egress/base/error.hpp"
#include "egress/fleet/extra_members.hpp"
#include "egress/fleet/inspection.hpp"
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
using testing::in_namespace;
using testing::mentions;
using testing::record_path;

}  // namespace

TEST_CASE(
    "create writes the record first, waits for a pod, and then writes the callers' route and the record") {
  FakeCluster server;
  CreateRun run(server);
  run.prepare();
  server.waves.clear();
  run.write();

  const std::vector<std::string> sent = server.requests();
  const auto place = [&](const std::string& start) {
    const auto found = std::ranges::find_if(sent, [&](const auto& one) { return one.starts_with(start); });
    return found - sent.begin();
  };
  const auto watch = place("GET /apis/apps/v1/namespaces/httpbin/deployments?watch=true");
  CHECK(sent.front().starts_with("POST /api/v1/namespaces/httpbin/configmaps?"));
  CHECK(place("PATCH " + deployment_path + "?") < watch);
  CHECK(watch < place("PATCH " + callers_path + "?"));
  CHECK(place("PATCH " + callers_path + "?") == std::ssize(sent) - 2);
  CHECK(sent.back().starts_with("PATCH " + record_path + "?"));
  CHECK(run.lines.front() == "configmap/httpbin-egress created");
  CHECK(run.lines.back() == "virtualservice.networking.istio.io/httpbin-egress created");
  CHECK(run.lines.size() == 15);
}

TEST_CASE("the record stands as begun until all is written, and settled after") {
  FakeCluster server;
  CreateRun run(server);
  run.prepare();
  run.plan.record.operation = mesh::Operation::create;
  run.write();
  const mesh::Record record = mesh::read_record(server.objects.at(record_path));
  CHECK(record.operation == mesh::Operation::none);
  CHECK(record.members.size() == 14);
}

TEST_CASE("an object that is being deleted is waited for, and made anew") {
  FakeCluster server;
  CreateRun run(server);
  run.prepare();
  run.write();
  const std::string service = "/api/v1/namespaces/httpbin/services/httpbin-egress";
  server.objects.at(service).edit("metadata").set("deletionTimestamp", "2026-11-23T00:00:00Z");
  run.resume();
  int looks = 0;
  server.fault = [&](const http::Request& request) -> std::optional<http::Response> {
    if (request.method == "GET" && request.target == service && ++looks == 3) server.erase(service);
    return std::nullopt;
  };
  run.write();
  REQUIRE(server.has(service));
  CHECK_FALSE(server.objects.at(service)["metadata"].has("deletionTimestamp"));
  CHECK(std::ranges::count(run.lines, "service/httpbin-egress created") == 1);
}

TEST_CASE("an object that does not go in time is named") {
  FakeCluster server;
  CreateRun run(server);
  run.prepare();
  run.write();
  const std::string service = "/api/v1/namespaces/httpbin/services/httpbin-egress";
  Json& metadata = server.objects.at(service).edit("metadata");
  metadata.set("deletionTimestamp", "2026-11-23T00:00:00Z");
  metadata.set("finalizers", array({"example.org/hold"}));
  run.resume();
  CHECK(mentions(error_of([&] {
                   run.write({false, std::chrono::milliseconds(0)});
                 }),
                 {"service/httpbin-egress", in_namespace("httpbin")}));
}

TEST_CASE("of a gateway that was begun before, a refused write undoes nothing") {
  FakeCluster server;
  server.pods_ready = false;
  CreateRun run(server);
  run.prepare();
  CHECK_THROWS_AS(run.write({true, std::chrono::milliseconds(50)}), Error);
  const auto on_listed = server.objects.size();

  server.fault = forbid_writes_to(callers_path);
  run.resume();
  CHECK(mentions(error_of([&] { run.write({false, {}}); }), {"Forbidden", "you may not", "kubectl egress"}));
  CHECK(server.objects.size() == on_listed);
  CHECK(mesh::read_record(server.objects.at(record_path)).operation == mesh::Operation::create);

  server.fault = {};
  run.resume();
  run.write({false, {}});
  CHECK(server.has(callers_path));
  CHECK(run.lines.front() == "configmap/httpbin-egress configured");
  CHECK(mesh::read_record(server.objects.at(record_path)).operation == mesh::Operation::none);
}

TEST_CASE("two people who go on with one gateway do not both do so") {
  FakeCluster server;
  server.pods_ready = false;
  CreateRun first(server);
  first.prepare();
  CHECK_THROWS_AS(first.write({true, std::chrono::milliseconds(50)}), Error);
  CreateRun second(server);
  first.resume();
  second.resume();
  first.write({false, {}});
  const auto written = server.objects;
  CHECK(mentions(error_of([&] { second.write({false, {}}); }), {"httpbin", "another command"}));
  CHECK(server.objects == written);
}

TEST_CASE("a create whose record somebody deletes meanwhile leaves nothing") {
  FakeCluster server;
  const auto before = server.objects.size();
  CreateRun run(server);
  run.prepare();
  server.fault = [&](const http::Request& request) -> std::optional<http::Response> {
    if (request.method == "PATCH" &&
        request.target.starts_with(callers_path + "?fieldManager=kubectl-egress&force"))
      server.objects.erase(record_path);
    return std::nullopt;
  };
  CHECK(mentions(error_of([&] { run.write(); }), {"httpbin", "deleted", "another command"}));
  CHECK(server.objects.size() == before);
}

TEST_CASE("a create that goes on, and whose record somebody deletes meanwhile, leaves nothing either") {
  FakeCluster server;
  const auto before = server.objects.size();
  server.pods_ready = false;
  CreateRun run(server);
  run.prepare();
  CHECK_THROWS_AS(run.write({true, std::chrono::milliseconds(50)}), Error);
  run.resume();
  server.fault = [&](const http::Request& request) -> std::optional<http::Response> {
    if (request.method == "PATCH" && request.target.starts_with(callers_path + "?"))
      server.objects.erase(record_path);
    return std::nullopt;
  };
  CHECK(mentions(error_of([&] { run.write({false, {}}); }), {"httpbin", "deleted", "another command"}));
  CHECK(server.objects.size() == before);
}

TEST_CASE("a record that a policy annotates meanwhile is settled all the same") {
  FakeCluster server;
  CreateRun run(server);
  run.prepare();
  bool annotated = false;
  server.fault = [&](const http::Request& request) -> std::optional<http::Response> {
    if (request.method == "PATCH" && request.target.starts_with(record_path + "?") && !annotated) {
      annotated = true;
      server.store(record_path, server.objects.at(record_path));
    }
    return std::nullopt;
  };
  run.write();
  CHECK(mesh::read_record(server.objects.at(record_path)).operation == mesh::Operation::none);
}

TEST_CASE("a watch that breaks is taken up again, and one that is forbidden becomes looking") {
  for (const int status : {503, 403}) {
    CAPTURE(status);
    FakeCluster server;
    CreateRun run(server);
    run.prepare();
    int broken = 0;
    server.fault = [&](const http::Request& request) -> std::optional<http::Response> {
      if (request.target.find("watch=true") == std::string::npos || broken++ > 0) return std::nullopt;
      return testing::status_reply(status, "Broken", "broken");
    };
    run.write({true, std::chrono::seconds(30)});
    CHECK(server.has(callers_path));
    CHECK(broken == (status == 503 ? 2 : 1));
  }
}

// users.md: 25
TEST_CASE("callers are not sent to a gateway whose pods are not ready") {
  FakeCluster server;
  server.pods_ready = false;
  CreateRun run(server);
  run.prepare();
  CHECK(mentions(error_of([&] { run.write({true, std::chrono::seconds(1)}); }), {"httpbin", "0 of 1"}));
  CHECK(server.has(deployment_path));
  CHECK_FALSE(server.has(callers_path));
  CHECK(mesh::read_record(server.objects.at(record_path)).operation == mesh::Operation::create);
}

TEST_CASE("a change leaves the routing as it is until pods for it are ready") {
  FakeCluster server;
  CreateRun run(server);
  run.prepare();
  run.write();
  const std::string gateway = "/apis/networking.istio.io/v1/namespaces/httpbin/gateways/httpbin-egress";
  const Json before = server.objects.at(gateway);

  run.egress.hosts = {"other.example.org"};
  run.egress.workload.hub = "registry.example.org";
  server.pods_ready = false;
  run.resume();
  CHECK(mentions(error_of([&] {
                   run.write({true, std::chrono::milliseconds(50)});
                 }),
                 {"httpbin", "kubectl egress inspect httpbin -n httpbin"}));
  CHECK(server.objects.at(gateway) == before);

  // Those who go on with it, and are as unlucky, leave it alone, too: the old pods still serve.
  for (const char* host : {"another.example.org", "third.example.org"}) {
    server.objects.at(deployment_path).edit("status").set("availableReplicas", 1);
    run.egress.hosts = {host};
    run.resume();
    CHECK(mentions(error_of([&] {
                     run.write({true, std::chrono::milliseconds(50)});
                   }),
                   {"httpbin", "kubectl egress inspect httpbin -n httpbin"}));
    CHECK(server.objects.at(gateway) == before);
    CHECK(mesh::read_record(server.objects.at(record_path)).operation == mesh::Operation::apply);
  }

  server.pods_ready = true;
  run.resume();
  run.write();
  CHECK_FALSE(server.objects.at(gateway) == before);
}

TEST_CASE("a change of a gateway of which no pod serves writes the routing first, and says so") {
  FakeCluster server;
  CreateRun run(server);
  run.prepare();
  run.write();
  const std::string gateway = "/apis/networking.istio.io/v1/namespaces/httpbin/gateways/httpbin-egress";
  const Json before = server.objects.at(gateway);
  const Json route = server.objects.at(callers_path);
  server.objects.at(deployment_path).edit("status").set("availableReplicas", 0);
  server.pods_ready = false;
  run.egress.hosts = {"other.example.org"};
  run.egress.workload.hub = "registry.example.org";
  run.resume();
  CHECK(mentions(error_of([&] {
                   run.write({true, std::chrono::milliseconds(50)});
                 }),
                 {"httpbin", "kubectl egress inspect httpbin -n httpbin", "routing"}));
  CHECK_FALSE(server.objects.at(gateway) == before);
  CHECK(server.objects.at(callers_path) == route);
}

TEST_CASE("what does not go at once, and is not waited for, stays on the record until it is gone") {
  FakeCluster server;
  CreateRun run(server);
  run.egress.network_policy = true;
  run.prepare();
  run.write();
  const std::string policy = "/apis/networking.k8s.io/v1/namespaces/httpbin/networkpolicies/httpbin-egress";
  server.objects.at(policy).edit("metadata").set("deletionTimestamp", "2026-11-23T00:00:00Z");
  server.fault = [&](const http::Request& request) -> std::optional<http::Response> {
    if (request.method != "DELETE" || request.target != policy) return std::nullopt;
    http::Response response;
    response.status = 200;
    response.body = server.objects.at(policy).dump();
    return response;
  };
  run.egress.network_policy = false;
  run.resume();
  CHECK_FALSE(run.write({false, {}}));
  const auto state_of_policy = [&] {
    const auto looked = fleet::inspect(run.cluster, "httpbin", "httpbin");
    for (const mesh::ObjectState& one : looked->summary.objects)
      if (one.reference.resource.kind == kube::kinds::network_policy) return one.state;
    return "none, and " + mesh::text(looked->summary.phase);
  };
  const mesh::Record record = mesh::read_record(server.objects.at(record_path));
  CHECK(record.operation == mesh::Operation::none);
  CHECK(record.members.back().resource.kind == kube::kinds::network_policy);
  CHECK(state_of_policy() == "Deleting");

  server.fault = {};
  server.erase(policy);
  CHECK(state_of_policy() == "none, and Ready");
  run.resume();
  CHECK(run.write({false, {}}));
  CHECK(mesh::read_record(server.objects.at(record_path)).members.size() == record.members.size() - 1);
}

TEST_CASE("what bears the label of a gateway without being one of its objects goes with a change") {
  FakeCluster server;
  CreateRun run(server);
  run.prepare();
  run.write();
  const std::string stray = "/apis/networking.istio.io/v1/namespaces/httpbin/serviceentries/stray";
  Json object = server.objects.at(callers_path);
  object.set("kind", "ServiceEntry");
  object.edit("metadata").set("name", "stray");
  // Of this tool's own hand; a copy has another's.
  object.edit("metadata").set("managedFields", testing::managed_fields_of("kubectl-egress"));
  server.store(stray, object);
  object.edit("metadata").set("name", "copy");
  object.edit("metadata").set("managedFields", testing::managed_fields_of("kubectl-edit"));
  server.store("/apis/networking.istio.io/v1/namespaces/httpbin/serviceentries/copy", object);

  run.resume();
  const auto survey = fleet::survey(run.cluster, "httpbin", "httpbin", {});
  fleet::add_extra_members(run.cluster, survey.served, std::span(&run.plan.record, 1));
  REQUIRE(run.plan.obsolete_members().size() == 1);
  CHECK(run.plan.obsolete_members().front().display_name() == "serviceentry.networking.istio.io/stray");
  run.write();
  CHECK_FALSE(server.has(stray));
  CHECK(server.has("/apis/networking.istio.io/v1/namespaces/httpbin/serviceentries/copy"));
  CHECK(server.has(callers_path));
}

TEST_CASE("the namespace that was made for a gateway stays where that fails, and is said") {
  FakeCluster server;
  CreateRun run(server);
  run.prepare();
  const auto before = server.objects.size();
  server.fault = forbid_writes_to(deployment_path);
  fleet::ApplyOptions applying;
  applying.created_namespace = true;
  const std::string removal = "kubectl delete namespace httpbin";
  const std::string undone = error_of([&] { run.write(applying); });
  CHECK(mentions(undone, {"Forbidden", in_namespace("httpbin"), removal}));
  CHECK(server.objects.size() == before);
  // The record's creation is refused: of the gateway nothing was written, but the namespace was.
  server.fault = [](const http::Request& request) -> std::optional<http::Response> {
    if (request.method != "POST") return std::nullopt;
    return testing::status_reply(403, "Forbidden", "you may not");
  };
  const std::string nothing = error_of([&] { run.write(applying); });
  CHECK(mentions(nothing, {"Forbidden", in_namespace("httpbin"), removal}));
  CHECK(server.objects.size() == before);
}

TEST_CASE("without waiting everything is written at once") {
  FakeCluster server;
  server.pods_ready = false;
  CreateRun run(server);
  run.prepare();
  run.write({false, std::chrono::milliseconds(1)});
  CHECK(server.has(callers_path));
  CHECK(std::ranges::none_of(server.requests(),
                             [](const auto& one) { return one.find("watch=true") != std::string::npos; }));
}

TEST_CASE("the second of two creates of one name fails with a conflict") {
  FakeCluster server;
  CreateRun first(server);
  CreateRun second(server);
  first.prepare();
  second.prepare();
  first.write();
  const auto written = server.objects;
  CHECK(mentions(error_of([&] { second.write(); }), {"egressgateway", "httpbin", "another command"}));
  CHECK(server.objects == written);
}

}  // namespace egress

TEST_SUITE_END();
