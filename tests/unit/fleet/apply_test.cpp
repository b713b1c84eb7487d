#include "egress/fleet/apply.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "egress/base/error.hpp"
#include "egress/fleet/inspection.hpp"
#include "egress/fleet/unexpected.hpp"
#include "support/creating.hpp"
#include "support/fake_cluster.hpp"
#include "support/mentions.hpp"

TEST_SUITE_BEGIN("fleet");

namespace egress {
namespace {

using testing::callers_path;
using testing::Creating;
using testing::deployment_path;
using testing::error_of;
using testing::FakeCluster;
using testing::in_namespace;
using testing::mentions;
using testing::record_path;
using testing::refuse_writes_of;

}  // namespace

TEST_CASE(
    "create writes the record first, waits for a pod, and then writes the callers' route and the record") {
  FakeCluster server;
  Creating creating(server);
  creating.prepare();
  server.waves.clear();
  creating.write();

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
  CHECK(creating.lines.front() == "configmap/httpbin-egress created");
  CHECK(creating.lines.back() == "virtualservice.networking.istio.io/httpbin-egress created");
  CHECK(creating.lines.size() == 15);
}

TEST_CASE("the record stands as begun until all is written, and settled after") {
  FakeCluster server;
  Creating creating(server);
  creating.prepare();
  creating.plan.record.operation = mesh::Operation::create;
  creating.write();
  const mesh::Record record = mesh::read_record(server.objects.at(record_path));
  CHECK(record.operation == mesh::Operation::none);
  CHECK(record.members.size() == 14);
}

TEST_CASE("an object that is being deleted is waited for, and made anew") {
  FakeCluster server;
  Creating creating(server);
  creating.prepare();
  creating.write();
  const std::string service = "/api/v1/namespaces/httpbin/services/httpbin-egress";
  server.objects.at(service).edit("metadata").set("deletionTimestamp", "2026-11-23T00:00:00Z");
  creating.resume();
  int looks = 0;
  server.fault = [&](const http::Request& request) -> std::optional<http::Reply> {
    if (request.method == "GET" && request.target == service && ++looks == 3) server.erase(service);
    return std::nullopt;
  };
  creating.write();
  REQUIRE(server.has(service));
  CHECK_FALSE(server.objects.at(service)["metadata"].has("deletionTimestamp"));
  CHECK(std::ranges::count(creating.lines, "service/httpbin-egress created") == 1);
}

TEST_CASE("an object that does not go in time is named") {
  FakeCluster server;
  Creating creating(server);
  creating.prepare();
  creating.write();
  const std::string service = "/api/v1/namespaces/httpbin/services/httpbin-egress";
  Json& metadata = server.objects.at(service).edit("metadata");
  metadata.set("deletionTimestamp", "2026-11-23T00:00:00Z");
  metadata.set("finalizers", array({"example.org/hold"}));
  creating.resume();
  CHECK(mentions(error_of([&] {
                   creating.write({false, std::chrono::milliseconds(0)});
                 }),
                 {"service/httpbin-egress", in_namespace("httpbin")}));
}

TEST_CASE("of a gateway that was begun before, a refused write undoes nothing") {
  FakeCluster server;
  server.pods_ready = false;
  Creating creating(server);
  creating.prepare();
  CHECK_THROWS_AS(creating.write({true, std::chrono::milliseconds(50)}), Error);
  const auto standing = server.objects.size();

  server.fault = refuse_writes_of(callers_path);
  creating.resume();
  CHECK(mentions(error_of([&] {
                   creating.write({false, {}});
                 }),
                 {"Forbidden", "you may not", "kubectl egress"}));
  CHECK(server.objects.size() == standing);
  CHECK(mesh::read_record(server.objects.at(record_path)).operation == mesh::Operation::create);

  server.fault = {};
  creating.resume();
  creating.write({false, {}});
  CHECK(server.has(callers_path));
  CHECK(creating.lines.front() == "configmap/httpbin-egress configured");
  CHECK(mesh::read_record(server.objects.at(record_path)).operation == mesh::Operation::none);
}

TEST_CASE("two people who go on with one gateway do not both do so") {
  FakeCluster server;
  server.pods_ready = false;
  Creating first(server);
  first.prepare();
  CHECK_THROWS_AS(first.write({true, std::chrono::milliseconds(50)}), Error);
  Creating second(server);
  first.resume();
  second.resume();
  first.write({false, {}});
  const auto written = server.objects;
  CHECK(mentions(error_of([&] { second.write({false, {}}); }), {"httpbin", "someone else"}));
  CHECK(server.objects == written);
}

TEST_CASE("a create whose record somebody deletes meanwhile leaves nothing") {
  FakeCluster server;
  const auto before = server.objects.size();
  Creating creating(server);
  creating.prepare();
  server.fault = [&](const http::Request& request) -> std::optional<http::Reply> {
    if (request.method == "PATCH" &&
        request.target.starts_with(callers_path + "?fieldManager=kubectl-egress&force"))
      server.objects.erase(record_path);
    return std::nullopt;
  };
  CHECK(mentions(error_of([&] { creating.write(); }), {"httpbin", "deleted", "someone else"}));
  CHECK(server.objects.size() == before);
}

TEST_CASE("a create that goes on, and whose record somebody deletes meanwhile, leaves nothing either") {
  FakeCluster server;
  const auto before = server.objects.size();
  server.pods_ready = false;
  Creating creating(server);
  creating.prepare();
  CHECK_THROWS_AS(creating.write({true, std::chrono::milliseconds(50)}), Error);
  creating.resume();
  server.fault = [&](const http::Request& request) -> std::optional<http::Reply> {
    if (request.method == "PATCH" && request.target.starts_with(callers_path + "?"))
      server.objects.erase(record_path);
    return std::nullopt;
  };
  CHECK(mentions(error_of([&] { creating.write({false, {}}); }), {"httpbin", "deleted", "someone else"}));
  CHECK(server.objects.size() == before);
}

TEST_CASE("a record that a policy annotates meanwhile is settled all the same") {
  FakeCluster server;
  Creating creating(server);
  creating.prepare();
  bool annotated = false;
  server.fault = [&](const http::Request& request) -> std::optional<http::Reply> {
    if (request.method == "PATCH" && request.target.starts_with(record_path + "?") && !annotated) {
      annotated = true;
      server.put(record_path, server.objects.at(record_path));
    }
    return std::nullopt;
  };
  creating.write();
  CHECK(mesh::read_record(server.objects.at(record_path)).operation == mesh::Operation::none);
}

TEST_CASE("a watch that breaks is taken up again, and one that is forbidden becomes looking") {
  for (const int status : {503, 403}) {
    CAPTURE(status);
    FakeCluster server;
    Creating creating(server);
    creating.prepare();
    int broken = 0;
    server.fault = [&](const http::Request& request) -> std::optional<http::Reply> {
      if (request.target.find("watch=true") == std::string::npos || broken++ > 0) return std::nullopt;
      return testing::status_reply(status, "Broken", "broken");
    };
    creating.write({true, std::chrono::seconds(30)});
    CHECK(server.has(callers_path));
    CHECK(broken == (status == 503 ? 2 : 1));
  }
}

// users.md: 25
TEST_CASE("callers are not sent to a gateway whose pods are not ready") {
  FakeCluster server;
  server.pods_ready = false;
  Creating creating(server);
  creating.prepare();
  CHECK(mentions(error_of([&] { creating.write({true, std::chrono::seconds(1)}); }), {"httpbin", "0 of 1"}));
  CHECK(server.has(deployment_path));
  CHECK_FALSE(server.has(callers_path));
  CHECK(mesh::read_record(server.objects.at(record_path)).operation == mesh::Operation::create);
}

TEST_CASE("a change leaves the routing as it is until pods for it are ready") {
  FakeCluster server;
  Creating creating(server);
  creating.prepare();
  creating.write();
  const std::string gateway = "/apis/networking.istio.io/v1/namespaces/httpbin/gateways/httpbin-egress";
  const Json before = server.objects.at(gateway);

  creating.egress.hosts = {"other.example.org"};
  creating.egress.workload.hub = "registry.example.org";
  server.pods_ready = false;
  creating.resume();
  CHECK(mentions(error_of([&] {
                   creating.write({true, std::chrono::milliseconds(50)});
                 }),
                 {"httpbin", "kubectl egress inspect httpbin -n httpbin"}));
  CHECK(server.objects.at(gateway) == before);

  // Those who go on with it, and are as unlucky, leave it alone, too: the old pods still serve.
  for (const char* host : {"another.example.org", "third.example.org"}) {
    server.objects.at(deployment_path).edit("status").set("availableReplicas", 1);
    creating.egress.hosts = {host};
    creating.resume();
    CHECK(mentions(error_of([&] {
                     creating.write({true, std::chrono::milliseconds(50)});
                   }),
                   {"httpbin", "kubectl egress inspect httpbin -n httpbin"}));
    CHECK(server.objects.at(gateway) == before);
    CHECK(mesh::read_record(server.objects.at(record_path)).operation == mesh::Operation::apply);
  }

  server.pods_ready = true;
  creating.resume();
  creating.write();
  CHECK_FALSE(server.objects.at(gateway) == before);
}

TEST_CASE("a change of a gateway of which no pod serves writes the routing first, and says so") {
  FakeCluster server;
  Creating creating(server);
  creating.prepare();
  creating.write();
  const std::string gateway = "/apis/networking.istio.io/v1/namespaces/httpbin/gateways/httpbin-egress";
  const Json before = server.objects.at(gateway);
  const Json route = server.objects.at(callers_path);
  server.objects.at(deployment_path).edit("status").set("availableReplicas", 0);
  server.pods_ready = false;
  creating.egress.hosts = {"other.example.org"};
  creating.egress.workload.hub = "registry.example.org";
  creating.resume();
  CHECK(mentions(error_of([&] {
                   creating.write({true, std::chrono::milliseconds(50)});
                 }),
                 {"httpbin", "kubectl egress inspect httpbin -n httpbin", "routing"}));
  CHECK_FALSE(server.objects.at(gateway) == before);
  CHECK(server.objects.at(callers_path) == route);
}

TEST_CASE("what does not go at once, and is not waited for, stays on the record until it is gone") {
  FakeCluster server;
  Creating creating(server);
  creating.egress.network_policy = true;
  creating.prepare();
  creating.write();
  const std::string policy = "/apis/networking.k8s.io/v1/namespaces/httpbin/networkpolicies/httpbin-egress";
  server.objects.at(policy).edit("metadata").set("deletionTimestamp", "2026-11-23T00:00:00Z");
  server.fault = [&](const http::Request& request) -> std::optional<http::Reply> {
    if (request.method != "DELETE" || request.target != policy) return std::nullopt;
    http::Reply reply;
    reply.status = 200;
    reply.body = server.objects.at(policy).dump();
    return reply;
  };
  creating.egress.network_policy = false;
  creating.resume();
  CHECK_FALSE(creating.write({false, {}}));
  const auto state_of_policy = [&] {
    const auto looked = fleet::inspect(creating.cluster, "httpbin", "httpbin");
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
  creating.resume();
  CHECK(creating.write({false, {}}));
  CHECK(mesh::read_record(server.objects.at(record_path)).members.size() == record.members.size() - 1);
}

TEST_CASE("what bears the label of a gateway without being one of its objects goes with a change") {
  FakeCluster server;
  Creating creating(server);
  creating.prepare();
  creating.write();
  const std::string stray = "/apis/networking.istio.io/v1/namespaces/httpbin/serviceentries/stray";
  Json object = server.objects.at(callers_path);
  object.set("kind", "ServiceEntry");
  object.edit("metadata").set("name", "stray");
  // Of this tool's own hand; a copy has another's.
  object.edit("metadata").set("managedFields", testing::applied_by("kubectl-egress"));
  server.put(stray, object);
  object.edit("metadata").set("name", "copy");
  object.edit("metadata").set("managedFields", testing::applied_by("kubectl-edit"));
  server.put("/apis/networking.istio.io/v1/namespaces/httpbin/serviceentries/copy", object);

  creating.resume();
  const auto survey = fleet::survey(creating.cluster, "httpbin", "httpbin", {});
  fleet::add_unexpected(creating.cluster, survey.served, std::span(&creating.plan.record, 1));
  REQUIRE(creating.plan.no_longer_needed().size() == 1);
  CHECK(creating.plan.no_longer_needed().front().label() == "serviceentry.networking.istio.io/stray");
  creating.write();
  CHECK_FALSE(server.has(stray));
  CHECK(server.has("/apis/networking.istio.io/v1/namespaces/httpbin/serviceentries/copy"));
  CHECK(server.has(callers_path));
}

TEST_CASE("the namespace that was made for a gateway stays where that fails, and is said") {
  FakeCluster server;
  Creating creating(server);
  creating.prepare();
  const auto before = server.objects.size();
  server.fault = refuse_writes_of(deployment_path);
  fleet::Applying applying;
  applying.made_namespace = true;
  const std::string removal = "kubectl delete namespace httpbin";
  const std::string undone = error_of([&] { creating.write(applying); });
  CHECK(mentions(undone, {"Forbidden", in_namespace("httpbin"), removal}));
  CHECK(server.objects.size() == before);
  // The record's creation is refused: of the gateway nothing was written, but the namespace was.
  server.fault = [](const http::Request& request) -> std::optional<http::Reply> {
    if (request.method != "POST") return std::nullopt;
    return testing::status_reply(403, "Forbidden", "you may not");
  };
  const std::string nothing = error_of([&] { creating.write(applying); });
  CHECK(mentions(nothing, {"Forbidden", in_namespace("httpbin"), removal}));
  CHECK(server.objects.size() == before);
}

TEST_CASE("without waiting everything is written at once") {
  FakeCluster server;
  server.pods_ready = false;
  Creating creating(server);
  creating.prepare();
  creating.write({false, std::chrono::milliseconds(1)});
  CHECK(server.has(callers_path));
  CHECK(std::ranges::none_of(server.requests(),
                             [](const auto& one) { return one.find("watch=true") != std::string::npos; }));
}

TEST_CASE("of two people who create one name, the second is told") {
  FakeCluster server;
  Creating first(server);
  Creating second(server);
  first.prepare();
  second.prepare();
  first.write();
  const auto written = server.objects;
  CHECK(mentions(error_of([&] { second.write(); }), {"egressgateway", "httpbin", "someone else"}));
  CHECK(server.objects == written);
}

}  // namespace egress

TEST_SUITE_END();
